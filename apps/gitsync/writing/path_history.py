"""Which commits made one file what it is, followed through its renames."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.gitsync.git.repository import Repository
from apps.gitsync.trust.signatures import letters
from apps.gitsync.trust.signers import Signer

MOST: Final = 1_000
MARK: Final = b"\x01"
FIELDS: Final = ("%H", "%aI", "%an", "%ae", "%s", "%(trailers:only,unfold)")
FORMAT: Final = "%x01" + "%x00".join(FIELDS) + "%x00"
STATES: Final = {"G": "good", "U": "unknown key", "N": "unsigned"}
UNCHECKED: Final = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCommit:
    """One commit that touched the file, which was called `path` then. `cause` is its subject;
    `signature` is judged by those who may sign today."""

    commit: str
    date: str
    author: str
    email: str
    cause: str
    trailers: Mapping[str, str]
    path: str
    signature: str = UNCHECKED

    def as_json(self) -> dict[str, Any]:
        return {
            "commit": self.commit,
            "date": self.date,
            "author": {"name": self.author, "email": self.email},
            "cause": self.cause,
            "trailers": dict(self.trailers),
            "path": self.path,
            "signature": self.signature,
        }


def path_history(
    repository: Repository, commit: str, path: str, *, limit: int = MOST
) -> list[PathCommit]:
    """The newest first. Its cost follows the number of commits down to the last one shown."""
    output = repository.plumb(
        "log",
        *("--follow", "-M", "--raw", "-z", f"--format={FORMAT}", f"-{min(limit, MOST)}"),
        *(commit, "--", path),
        extra={"GIT_LITERAL_PATHSPECS": "1"},
    )
    return list(_commits(iter(output.split(b"\0")), path))


def folder_history(
    repository: Repository, commit: str, path: str, *, said: str = "", limit: int = MOST
) -> list[PathCommit]:
    """What changed something at a path or below it, and `said` this in its message, if that is
    asked for; the newest first. Its cost follows the number of commits down to the last one."""
    asked = ("--fixed-strings", f"--grep={said}") if said else ()
    output = repository.plumb(
        *("log", "-z", f"--format={FORMAT}", f"-{min(limit, MOST)}", *asked),
        *(commit, "--", path),
        extra={"GIT_LITERAL_PATHSPECS": "1"},
    )
    return list(_commits(iter(output.split(b"\0")), path))


def with_signatures(
    repository: Repository,
    commits: Sequence[PathCommit],
    *,
    served: str | None,
    first: Sequence[Signer],
) -> list[PathCommit]:
    """Some milliseconds for each commit."""
    found = letters(repository, [each.commit for each in commits], served=served, first=first)
    return [replace(each, signature=state_of(found.get(each.commit))) for each in commits]


def state_of(letter: str | None) -> str:
    """Of Git's letter for a signature, in words."""
    return UNCHECKED if letter is None else STATES.get(letter, "bad")


def _commits(tokens: Iterator[bytes], path: str) -> Iterator[PathCommit]:
    """A name is that behind the change: what follows is older."""
    head: list[str] = []
    for token in tokens:
        if token.lstrip(b"\n").startswith(MARK):
            if head:
                yield _commit(head, path)
            first = token.lstrip(b"\n").removeprefix(MARK)
            rest = [next(tokens, b"") for _ in FIELDS[1:]]
            head = [each.decode("utf-8", "replace") for each in (first, *rest)]
        elif token.lstrip(b"\n").startswith(b":"):
            names = [os.fsdecode(next(tokens, b""))]
            if token.rpartition(b" ")[2][:1] in b"RC":
                names.append(os.fsdecode(next(tokens, b"")))
            if head:
                yield _commit(head, names[-1])
            head, path = [], names[0]
    if head:
        yield _commit(head, path)


def _commit(head: Sequence[str], path: str) -> PathCommit:
    commit, date, author, email, cause, trailers = head
    lines = (line.partition(":") for line in trailers.splitlines())
    return PathCommit(
        commit=commit,
        date=date,
        author=author,
        email=email,
        cause=cause,
        trailers={name.strip(): value.strip() for name, _, value in lines if name.strip()},
        path=path,
    )
