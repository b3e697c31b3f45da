"""`manage.py upgradesite`: brings the site repository to the schema that this WhisperCMS reads."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from apps.content.scribe import Scribe
from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.authoring import local_author
from apps.gitsync.errors import GitFault
from apps.gitsync.local import storage
from apps.gitsync.management.answers import workers_of_this_node
from apps.gitsync.management.progress import steps
from apps.gitsync.management.release_answers import EXIT_REFUSED, fail, say
from apps.gitsync.resources import SITE
from apps.gitsync.writing.upgrading import UNCHANGED, WOULD, UpgradeReport, upgrade_site


class Command(GuardedCommand):
    help = (
        "Upgrade an older site, as a commit of this node; publishrepo sends it. Exit codes: 0,"
        " 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--author", help="who: Name <address>")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("upgrade-site", SITE)]

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            author = local_author(options["author"])
            with workers_of_this_node() as workers, storage(), steps("Upgrading"):
                report = upgrade_site(
                    settings.SITE_SOURCE,
                    author,
                    upgrades=Scribe(workers),
                    dry_run=options["dry_run"],
                )
        except GitFault as error:
            if error.code == "site.schema":
                say(self.stdout, options, {"error": error.code, "reason": str(error)}, str(error))
                sys.exit(EXIT_REFUSED)
            return fail(self.stdout, options, error)
        return say(self.stdout, options, report.as_json(), _text(report))


def _text(report: UpgradeReport) -> str:
    if report.state == UNCHANGED:
        return f"the site has schema {report.after}, the current one; nothing to do"
    verb = "would change" if report.state == WOULD else f"changed in {(report.commit or '')[:10]}"
    lines = [f"schema {report.before} to {report.after}: {len(report.paths)} files {verb}"]
    lines += [f"  {text}" for text in (*report.said, *report.paths)]
    if report.commit:
        lines.append("  look at it, then run manage.py publishrepo")
    return "\n".join(lines)
