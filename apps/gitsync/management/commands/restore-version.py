"""`manage.py restore-version PATH COMMIT`: a new commit that brings old bytes back."""

from argparse import ArgumentParser
from typing import Any

from apps.content.edit_messages import DocumentEdits
from apps.gitsync.management.changing import ChangingCommand
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changing import FileChange, restored_version


class Command(ChangingCommand):
    help = "Bring a file back to what it was at a commit, as a new commit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", help="the file, by its name now or then")
        parser.add_argument("commit", help="as manage.py history shows it")

    def change(
        self, source: SiteSource, options: dict[str, Any], edits: DocumentEdits
    ) -> FileChange:
        return restored_version(source, options["path"], options["commit"])
