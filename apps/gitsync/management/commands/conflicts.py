"""`manage.py conflicts`: lists, shows, resolves and forgets merges that need a person."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from apps.content.merging.three_way import Side
from apps.content.scribe import Scribe
from apps.extensions.management.guarded import Asked
from apps.gitsync.authoring import local_author
from apps.gitsync.git.repository import Repository
from apps.gitsync.local import local_site, storage, sync_and_record
from apps.gitsync.management.answers import AnsweringCommand, workers_of_this_node
from apps.gitsync.merging.conflicts import FileConflict, MergeConflict
from apps.gitsync.merging.resolving import forget, list_conflicts, read_conflict
from apps.gitsync.permitting import beyond_documents
from apps.gitsync.resources import branch
from apps.gitsync.writing.deciding import decide, told
from apps.runtime.databases import prepare_databases

ACTIONS = ("list", "show", "resolve", "forget")
CHANGING = ("resolve", "forget")


class Command(AnsweringCommand):
    help = "Merges that could not be decided. Without an action: list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("action", nargs="?", choices=ACTIONS, default="list")
        parser.add_argument("id", nargs="?", help="as listed")
        for side in Side:
            parser.add_argument(
                f"--{side}",
                nargs="+",
                action="extend",
                default=[],
                metavar="PATH",
                help=f"take {side} there, by path or by number",
            )
        parser.add_argument(
            "--file",
            nargs=2,
            action="append",
            default=[],
            metavar=("PATH", "FILE"),
            help="take these bytes for the whole file",
        )
        parser.add_argument("--author", help="'Name <name@example.org>'; else this user")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("merge", branch())] if options["action"] in CHANGING else []

    def answer(self, options: dict[str, Any]) -> int:
        repository = Repository(settings.SITE_SOURCE.repository)
        if options["action"] == "list":
            found = list_conflicts(repository) if repository.exists() else []
            values = {"conflicts": [told(repository, each) for each in found]}
            lines = [_line(repository, each) for each in found]
            self.say(options, values, "\n".join(lines) or "there are no conflicts")
            return 0
        if options["id"] is None:
            raise CommandError("name the conflict, as it is listed")
        conflict = read_conflict(repository, options["id"])
        if options["action"] == "show":
            self.say(options, told(repository, conflict), _text(conflict))
        elif options["action"] == "forget":
            forget(repository, conflict)
            self.say(options, {"state": "forgotten", "id": conflict.id}, "forgotten")
        else:
            self._resolve(options, conflict)
        return 0

    def _resolve(self, options: dict[str, Any], conflict: MergeConflict) -> None:
        said = {side: options[side] for side in Side}
        paths = [*(path for path, _ in options["file"]), *(file.path for file in conflict.files)]
        self.ask(options, beyond_documents(paths))
        contents = {path: _content(name) for path, name in options["file"]}
        author = local_author(options["author"])
        with workers_of_this_node() as workers:
            with storage():
                scribe, source = Scribe(workers), settings.SITE_SOURCE
                commit = decide(source, conflict, said, contents, author=author, merges=scribe)
            prepare_databases()
            synced = sync_and_record(local_site(workers), fetching=False)
        values = {"state": "resolved", "commit": commit, "index": synced.as_json()}
        text = f"resolved as {commit[:10]}; manage.py publishrepo publishes it"
        self.say(options, values, "\n".join([text, *(f"  {each}" for each in synced.problems)]))


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read ({error.strerror})") from error


def _line(repository: Repository, conflict: MergeConflict) -> str:
    paths = ", ".join(sorted({file.path for file in conflict.files}))
    old = "" if told(repository, conflict)["current"] else " (outdated: publish again)"
    return f"{conflict.id} {conflict.ref.removeprefix('refs/heads/')}: {paths}{old}"


def _text(conflict: MergeConflict) -> str:
    parts = [_file(number, file) for number, file in enumerate(conflict.files, start=1)]
    return "\n".join(part for each in parts for part in each)


def _file(number: int, file: FileConflict) -> list[str]:
    lines = [f"{number} {file.path}: {file.reason or file.kind}"]
    for place, conflict in enumerate(file.places, start=1):
        lines.append(f"{number}.{place} {conflict}")
        sides = (("base", conflict.base), ("ours", conflict.ours), ("theirs", conflict.theirs))
        for side, content in sides:
            shown = "nothing" if content is None else content.decode("utf-8", "replace").rstrip()
            lines += [f"    {side}: {line}" for line in shown.split("\n")]
    return lines
