"""What the commands that change one file have in common: say it, save it, bring the index along."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings

from apps.content.edit_messages import DocumentEdits
from apps.content.editing import EditError
from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.content.scribe import Scribe
from apps.extensions.authority import policy_problems
from apps.extensions.management.guarded import Asked, asker
from apps.gitsync.authoring import local_author
from apps.gitsync.local import local_site, storage, sync_and_record
from apps.gitsync.management.answers import (
    EXIT_REFUSED,
    AnsweringCommand,
    workers_of_this_node,
)
from apps.gitsync.permitting import asked_after
from apps.gitsync.resources import change_of, served_configuration
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changing import SAVED, ChangeReport, FileChange, carry_out
from apps.gitsync.writing.renaming import with_old_address
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers


class ChangingCommand(AnsweringCommand):
    """`change` says what is to become of the file."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--author", help="'Name <name@example.org>'; else this user")

    def change(
        self, source: SiteSource, options: dict[str, Any], edits: DocumentEdits
    ) -> FileChange:
        """Raises GitFault or EditError."""
        raise NotImplementedError

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [change_of(options["path"])]

    def answer(self, options: dict[str, Any]) -> int:
        with workers_of_this_node() as workers:
            try:
                report = self._changed(options, workers)
            except EditError as error:
                return self._refused(options, error)
            values, text = report.as_json(), _text(report)
            if report.state == SAVED:
                prepare_databases()
                synced = sync_and_record(local_site(workers), fetching=False)
                values["index"] = synced.as_json()
                text = "\n".join([text, *(f"  {problem}" for problem in synced.problems)])
        self.say(options, values, text)
        return 0

    def _changed(self, options: dict[str, Any], workers: Workers) -> ChangeReport:
        """Raises GitFault, EditError or PolicyDenied; then nothing has changed."""
        source, author = settings.SITE_SOURCE, local_author(options["author"])
        scribe, dry_run = Scribe(workers), options["dry_run"]
        with storage():
            change = self.change(source, options, scribe)
            if options.get("alias"):
                change = _renamed(change, scribe, workers)
            who = asker(options)
            self.ask(options, asked_after(who, change.path, change.new, Renderer(workers)))
            return carry_out(
                source,
                change,
                author=author,
                merges=scribe,
                dry_run=dry_run,
                prove=partial(policy_problems, workers=workers),
            )

    def _refused(self, options: dict[str, Any], error: EditError) -> int:
        problem = Problem(options["path"], error.line, error.code, error.reason)
        self.say(options, {"error": error.code, "problems": [problem.as_json()]}, f"{problem}")
        return EXIT_REFUSED


def _renamed(change: FileChange, edits: DocumentEdits, workers: Workers) -> FileChange:
    """As the site that is served here is read; before the first sync nothing has an address."""
    configuration = served_configuration()
    if configuration is None:
        return change
    return with_old_address(change, configuration, Renderer(workers), edits)


def _text(report: ChangeReport) -> str:
    where = f" as {report.commit[:10]}" if report.commit else ""
    return f"{report.difference}{report.state}: {report.path}{where}"
