"""What the commands that change one file have in common: say it, save it, bring the index along."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from apps.content.editing import EditError
from apps.content.problems import Problem
from apps.gitsync.authoring import local_author
from apps.gitsync.local import storage, sync_and_record
from apps.gitsync.management.answers import EXIT_REFUSED, AnsweringCommand, site_of_this_node
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changing import SAVED, ChangeReport, FileChange, carry_out


class ChangingCommand(AnsweringCommand):
    """`change` says what is to become of the file."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--author", help="'Name <name@example.org>'; else this user")

    def change(self, source: SiteSource, options: dict[str, Any]) -> FileChange:
        """Raises GitFault or EditError."""
        raise NotImplementedError

    def answer(self, options: dict[str, Any]) -> int:
        source, author = settings.SITE_SOURCE, local_author(options["author"])
        try:
            change = self.change(source, options)
        except EditError as error:
            problem = Problem(options["path"], error.line, error.code, error.reason)
            self.say(options, {"error": error.code, "problems": [problem.as_json()]}, f"{problem}")
            return EXIT_REFUSED
        with storage():
            report = carry_out(source, change, author=author, dry_run=options["dry_run"])
        values, text = report.as_json(), _text(report)
        if report.state == SAVED:
            with site_of_this_node() as site:
                synced = sync_and_record(site, fetching=False)
            values["index"] = synced.as_json()
            text = "\n".join([text, *(f"  {problem}" for problem in synced.problems)])
        self.say(options, values, text)
        return 0


def _text(report: ChangeReport) -> str:
    where = f" as {report.commit[:10]}" if report.commit else ""
    return f"{report.difference}{report.state}: {report.path}{where}"
