"""`manage.py syncrepo`: brings the index to the newest commit of the site's branch."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.local import local_site, sync_and_record
from apps.gitsync.management.progress import steps
from apps.gitsync.report import REFUSED, Stopwatch, SyncReport
from apps.gitsync.resources import branch
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers

EXIT_REFUSED, EXIT_REMOTE, EXIT_NODE = 1, 3, 4


class Command(GuardedCommand):
    help = (
        "Bring the index to the newest commit. Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make the index from nothing")
        parser.add_argument(
            "--accept-rewritten",
            action="store_true",
            help="follow the remote although it lost commits that it had",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("sync", branch())]

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_databases()
        workers = Workers(required=settings.SANDBOX_REQUIRED)
        try:
            with steps("Syncing") as tell:
                report = sync_and_record(
                    local_site(workers),
                    rebuild=options["rebuild"],
                    dry_run=options["dry_run"],
                    accept_rewritten=options["accept_rewritten"],
                    watch=Stopwatch(tell),
                )
        except GitFault as error:
            self._say(options, {"error": error.code, "reason": str(error)}, f"{error}")
            sys.exit(EXIT_NODE if isinstance(error, NodeFault) else EXIT_REMOTE)
        finally:
            workers.stop()
        self._say(options, report.as_json(), _text(report))
        if report.state == REFUSED:
            sys.exit(EXIT_REFUSED)

    def _say(self, options: dict[str, Any], values: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def _text(report: SyncReport) -> str:
    lines = [
        f"{report.state}: {report.branch} at {(report.new or '')[:10]},"
        f" {report.parsed} documents parsed, {report.added} files added,"
        f" {report.changed} changed, {report.removed} removed"
        f" in {sum(report.seconds.values()):.2f} s"
    ]
    if report.pinned:
        lines.append(f"  held there by {report.pinned}, until the next promotion")
    if report.fragments:
        lines.append(
            f"  {report.fragments} fragments of another system are not run (markup.not-run)"
        )
    lines += [f"  {problem}" for problem in report.problems]
    return "\n".join(lines)
