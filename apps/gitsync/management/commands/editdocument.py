"""`manage.py editdocument PATH`: changes fields of a document, and its body, as a commit."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from apps.content.edit_messages import DocumentEdits
from apps.content.editing import ABSENT
from apps.gitsync.management.changing import ChangingCommand
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changing import FileChange, edited_document


class Command(ChangingCommand):
    help = "Set or remove fields of a document's front matter, or give it another body."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", help="such as content/about.md")
        parser.add_argument(
            *("--set", "-s"),
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="VALUE is JSON where it can be read so, else text",
        )
        parser.add_argument("--unset", action="append", default=[], metavar="KEY")
        parser.add_argument("--body-file", metavar="FILE", help="the new body; - reads stdin")
        parser.add_argument(
            "--no-alias",
            dest="alias",
            action="store_false",
            help="where the document gets another address, let the old one go",
        )
        parser.add_argument("--create", action="store_true", help="the document is new")

    def change(
        self, source: SiteSource, options: dict[str, Any], edits: DocumentEdits
    ) -> FileChange:
        values: dict[str, Any] = dict(map(_field, options["set"]))
        fields: dict[Any, Any] = {**values, **dict.fromkeys(options["unset"], ABSENT)}
        if not fields and options["body_file"] is None:
            raise CommandError("there is nothing to do: use --set, --unset or --body-file")
        body = None if options["body_file"] is None else _body(options["body_file"])
        path, create = options["path"], options["create"]
        return edited_document(source, path, fields, body, create=create, edits=edits)


def _field(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise CommandError(f"--set {text[:80]!r}: write KEY=VALUE")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _body(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read ({error})") from error
