"""`manage.py publishrepo`: brings what was written at this node to the remote."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from apps.extensions.management.guarded import Asked
from apps.gitsync.authoring import local_author, publish_here
from apps.gitsync.management.answers import (
    EXIT_REFUSED,
    EXIT_REMOTE,
    AnsweringCommand,
    site_of_this_node,
)
from apps.gitsync.management.progress import steps
from apps.gitsync.resources import branch
from apps.gitsync.writing.publication import QUEUED, PublishReport


class Command(AnsweringCommand):
    help = (
        "Fetch, merge, judge as a server would, and push. Exit codes: 0, 1 refused or a conflict,"
        " 2 usage, 3 remote (what is queued goes out with a later pull), 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be pushed")
        parser.add_argument(
            "--restore", action="store_true", help="bring back what the remote's branch lost"
        )
        parser.add_argument("--author", help="of a merge: 'Name <name@example.org>'")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("publish", branch())]

    def answer(self, options: dict[str, Any]) -> int:
        author = local_author(options["author"])
        with site_of_this_node() as site, steps("Publishing") as tell:
            report = publish_here(
                site,
                author=author,
                dry_run=options["dry_run"],
                restore=options["restore"],
                tell=tell,
            )
        self.say(options, report.as_json(), _text(report))
        if report.succeeded:
            return 0
        return EXIT_REMOTE if report.state == QUEUED else EXIT_REFUSED


def _text(report: PublishReport) -> str:
    lines = [
        f"{report.state}: {report.branch} from {(report.old or 'nothing')[:10]}"
        f" to {(report.new or report.old or '')[:10]}, {report.commits} commits"
    ]
    if report.conflict:
        lines.append(f"  see: manage.py conflicts show {report.conflict}")
    lines += [f"  {problem}" for problem in report.problems]
    return "\n".join(
        lines if report.problems or not report.reason else [*lines, f"  {report.reason}"]
    )
