"""What this node has and the remote lacks, as it was fetched last: commits and files. Asks no
network and changes nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from apps.gitsync.clone.remote import branch_name
from apps.gitsync.clone.standing import is_rewritten, newest, read_standing
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.commands import EMPTY_TREE, merge_bases
from apps.gitsync.source import SiteSource

COMMITS: Final = 200
"""Shown of either side, the newest first."""
CHANGED: Final = 1_000
"""Files told of, of any difference."""
SHOWN_BYTES: Final = 1024 * 1024
"""Of a version of a file that is read to be shown."""
FORMAT: Final = "%H%x00%an%x00%ae%x00%aI%x00%s%x00%P"
FIELDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCommit:
    """`date` is ISO 8601, as its author's clock said."""

    id: str
    author: str
    email: str
    date: str
    subject: str
    merges: bool

    @property
    def moment(self) -> datetime | None:
        """None for a date that no calendar has."""
        try:
            return datetime.fromisoformat(self.date)
        except ValueError:
            return None

    def as_json(self) -> dict[str, Any]:
        return {
            "commit": self.id,
            "author": {"name": self.author, "email": self.email},
            "date": self.date,
            "subject": self.subject,
            "merges": self.merges,
        }


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """Its blobs before and after, None where there is no such file. A link or a submodule has
    none either."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """`base` is the newest commit that both have, None where the remote has nothing. `commits` are
    of this node alone, `others` of the remote alone; `asked` says that publishing was asked for and
    waits. `ours` is None where this node has nothing of its own."""

    branch: str
    base: str | None
    ours: str | None
    theirs: str | None
    served: str | None
    commits: tuple[ToldCommit, ...] = ()
    others: tuple[ToldCommit, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    asked: bool = False
    rewritten: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.commits


def outgoing(source: SiteSource) -> Outgoing:
    """Raises GitFault."""
    repository = Repository(source.repository)
    branch = branch_name(repository, source)
    with repository.at_hand():
        at = read_standing(repository, branch)
        known = at.theirs or at.followed
        base = _base(repository, at.own, known)
        return Outgoing(
            branch=branch,
            base=base,
            ours=at.own,
            theirs=at.theirs,
            served=newest(repository, at),
            commits=told(repository, at.own, known),
            others=told(repository, at.theirs, at.own) if at.own else (),
            files=files_between(repository, base, at.own) if at.own else (),
            asked=at.asked is not None,
            rewritten=is_rewritten(repository, at),
        )


def told(repository: Repository, commit: str | None, without: str | None) -> tuple[ToldCommit, ...]:
    """Commits that `without` does not have."""
    if commit is None:
        return ()
    query = (f"-{COMMITS}", "-z", f"--format={FORMAT}", commit)
    output = repository.plumb("log", *query, *([f"^{without}"] if without else []), "--")
    words = [each.decode("utf-8", "replace") for each in output.split(b"\0")]
    rows = [words[start : start + FIELDS] for start in range(0, len(words), FIELDS)]
    return tuple(_told(*row) for row in rows if len(row) == FIELDS)


def files_between(repository: Repository, old: str | None, new: str) -> tuple[ChangedFile, ...]:
    """In the order of their paths. Without `old` all files of `new`."""
    query = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames")
    parts = repository.plumb("diff-tree", *query, old or EMPTY_TREE, new).split(b"\0")[:-1]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    found = [_changed(head.decode().lstrip(":").split(" "), path) for head, path in pairs]
    return tuple(sorted(found, key=lambda each: each.path)[:CHANGED])


def contents_of(repository: Repository, file: ChangedFile) -> Mapping[str, bytes] | None:
    """blob → bytes of its versions; None where one is too long to be shown."""
    blobs = [blob for blob in (file.old, file.new) if blob]
    sizes = repository.sizes(blobs)
    if any(sizes[blob] > SHOWN_BYTES for blob in blobs):
        return None
    return dict(repository.read(blobs))


def _base(repository: Repository, ours: str | None, theirs: str | None) -> str | None:
    if ours is None or theirs is None:
        return theirs
    found = merge_bases(repository, ours, theirs)
    return found[0] if found else None


def _told(*words: str) -> ToldCommit:
    commit, author, email, date, subject, parents = words
    merges = " " in parents
    return ToldCommit(
        id=commit, author=author, email=email, date=date, subject=subject, merges=merges
    )


def _changed(head: list[str], path: bytes) -> ChangedFile:
    old_mode, new_mode, old, new, _ = head
    return ChangedFile(
        os.fsdecode(path),
        old if old_mode in FILES else None,
        new if new_mode in FILES else None,
    )
