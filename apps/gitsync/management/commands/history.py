"""`manage.py history PATH`: which commits made a file what it is."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from apps.extensions.management.guarded import Asked
from apps.gitsync.clone.remote import target
from apps.gitsync.git.repository import Repository
from apps.gitsync.management.answers import AnsweringCommand
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.path_history import MOST, PathCommit, path_history, with_signatures

LIMIT = 20


class Command(AnsweringCommand):
    help = "List the commits that touched a file, through its renames; the newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", help="such as content/about.md")
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help=f"at most; {LIMIT} unless told"
        )

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def answer(self, options: dict[str, Any]) -> int:
        check_path(options["path"])
        source = settings.SITE_SOURCE
        repository = Repository(source.repository)
        tip = target(repository, source).commit
        limit = max(1, min(options["limit"], MOST))
        found = path_history(repository, tip, options["path"], limit=limit)
        commits = with_signatures(repository, found, served=tip, first=source.first_signers)
        values = {"path": options["path"], "commits": [each.as_json() for each in commits]}
        self.say(options, values, "\n".join(map(_text, commits)) or "no commit touched it")
        return 0


def _text(commit: PathCommit) -> str:
    trailers = "".join(f"\n    {name}: {value}" for name, value in commit.trailers.items())
    return (
        f"{commit.commit[:10]} {commit.date} {commit.author}: {commit.cause}"
        f" [{commit.path}, {commit.signature}]{trailers}"
    )
