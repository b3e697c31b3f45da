"""When documents were changed last, and which of their changes are not published yet. By Git; what
was found for a commit is kept, as it stays so."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from apps.console.node import ConsoleNode
from apps.console.writing import catalogue
from apps.console.writing.bounds import RECENT, UNPUBLISHED
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.clone.standing import Standing, newest, read_standing
from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.repository import Repository

MARK: Final = "\x01"
FORMAT: Final = "%x01%aI%x00%an%x00"


@dataclass(frozen=True, slots=True)
class Touch:
    """`date` is ISO 8601."""

    date: str
    author: str


@dataclass(frozen=True, slots=True)
class Look:
    """`tip` is the commit that an author sees, `waiting` are paths that differ from what is
    published: path -> Git's letter of how."""

    tip: str
    waiting: Mapping[str, str]


def look(node: ConsoleNode) -> Look:
    """Costs one question to Git, and two more where there is something new. Raises GitFault."""
    source = node.site().source
    repository = Repository(source.repository)
    branch = source.branch or catalogue.branch(node) or branch_name(repository, source)
    at = read_standing(repository, branch)
    tip = _newest(source.repository, at.own, at.theirs)
    if tip is None:
        raise RemoteFault("branch.unknown", "there is no commit yet", "Run manage.py syncrepo")
    if at.own is None or at.theirs is None:
        return Look(tip, MappingProxyType({}))
    return Look(tip, _waiting(source.repository, at.theirs, at.own))


@lru_cache(maxsize=8)
def _newest(folder: Path, own: str | None, theirs: str | None) -> str | None:
    at = Standing(branch="", own=own, theirs=theirs, followed=None, asked=None)
    return newest(Repository(folder), at)


@lru_cache(maxsize=8)
def _waiting(folder: Path, theirs: str, own: str) -> Mapping[str, str]:
    repository = Repository(folder)
    base = repository.plumb("merge-base", theirs, own).decode().strip()
    query = ("-r", "-z", "--no-renames", "--name-status", base, own)
    fields = repository.plumb("diff-tree", *query).split(b"\0")[:-1]
    found = zip(fields[0::2], fields[1::2], strict=True)
    named = {os.fsdecode(path): letter.decode() for letter, path in found}
    return MappingProxyType(dict(sorted(named.items())[:UNPUBLISHED]))


@lru_cache(maxsize=4)
def touches(folder: Path, tip: str) -> Mapping[str, Touch]:
    """path -> its newest change, among the last RECENT commits."""
    output = Repository(folder).plumb(
        *("log", "-z", "--name-only", "--no-renames", f"--format={FORMAT}", f"-{RECENT}"),
        *("--first-parent", "--diff-merges=first-parent", tip),
    )
    found: dict[str, Touch] = {}
    for path, touch in _touches(iter(output.split(b"\0"))):
        found.setdefault(path, touch)
    return MappingProxyType(found)


def _touches(tokens: Iterator[bytes]) -> Iterator[tuple[str, Touch]]:
    touch = Touch("", "")
    for token in tokens:
        text = os.fsdecode(token).lstrip("\n")
        if text.startswith(MARK):
            author = next(tokens, b"").decode("utf-8", "replace")
            touch = Touch(text[1:], author)
        elif text:
            yield text, touch


def deleted(folder: Path, tip: str, most: int) -> list[tuple[str, str, Touch]]:
    """(path, the commit that removed it, when) of files that are not there any more, the newest
    first. Raises GitFault."""
    return list(_deleted(folder, tip))[:most]


@lru_cache(maxsize=2)
def _deleted(folder: Path, tip: str) -> tuple[tuple[str, str, Touch], ...]:
    repository = Repository(folder)
    output = repository.plumb(
        *("log", "-z", "--name-only", "--no-renames", "--diff-filter=D", f"-{RECENT}"),
        *("--format=%x01%H %aI%x00%an%x00", "--first-parent", "--diff-merges=first-parent", tip),
    )
    there = {os.fsdecode(item.path) for item in repository.tree(tip)}
    found: dict[str, tuple[str, str, Touch]] = {}
    for path, touch in _touches(iter(output.split(b"\0"))):
        commit, _, date = touch.date.partition(" ")
        if path not in there and path not in found:
            found[path] = (path, commit, Touch(date, touch.author))
    return tuple(found.values())
