"""What Git prints, as values. Pure; names are bytes and may hold anything but NUL."""

import re
import stat
from dataclasses import dataclass
from itertools import takewhile

from apps.gitsync.errors import GitFault

NOTHING = "0" * 40
HEADER_PARTS = 3
RAW_ID = 20
SUBMODULE = 0o160000
AUTHOR = re.compile(rb"author [^<>]*<[^<>]*> (\d{1,12}) [+-]\d{4}")
SHOWN = 72


@dataclass(frozen=True, slots=True)
class TreeItem:
    """One path of a commit. `mode` is Git's, such as 100644; a removed path has none."""

    path: bytes
    mode: str
    blob: str

    @property
    def removed(self) -> bool:
        return self.blob == NOTHING


@dataclass(frozen=True, slots=True)
class Commit:
    """`authored` is in seconds; None where the author's line is not of the usual form, and Git is
    to say what it makes of it."""

    id: str
    parents: tuple[str, ...]
    authored: int | None


@dataclass(frozen=True, slots=True)
class CommitHead:
    """Who made a commit and what for, shortened and printable; `signed` says that it claims a
    signature of any kind."""

    author: str
    subject: str
    signed: bool


def tree_items(output: bytes) -> list[TreeItem]:
    """Of `ls-tree -z`."""
    items = []
    for line in output.split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _, blob = head.decode().split(" ")
        items.append(TreeItem(path, mode, blob))
    return items


def raw_tree_items(content: bytes) -> list[TreeItem]:
    """Of a tree's own bytes, with modes as `ls-tree` shows them. Raises GitFault."""
    items, start = [], 0
    while start < len(content):
        space = content.find(b" ", start)
        end = content.find(b"\0", space)
        after = end + 1 + RAW_ID
        if not start < space < end or after > len(content):
            raise _damaged("a tree")
        mode = _shown_mode(content[start:space])
        items.append(TreeItem(content[space + 1 : end], mode, content[end + 1 : after].hex()))
        start = after
    return items


def _shown_mode(raw: bytes) -> str:
    """Old programs wrote modes that Git reads as one of five."""
    if not raw.isdigit() or b"8" in raw or b"9" in raw:
        raise _damaged("a tree")
    mode = int(raw, 8)
    kind = mode & 0o170000
    if kind == stat.S_IFREG:
        return f"{stat.S_IFREG | (0o755 if mode & 0o100 else 0o644):06o}"
    return f"{kind if kind in (stat.S_IFLNK, stat.S_IFDIR) else SUBMODULE:06o}"


def commit_of(name: str, content: bytes) -> Commit:
    """Of a commit's own bytes."""
    head = content.partition(b"\n\n")[0].split(b"\n")
    above = takewhile(lambda line: line.startswith(b"parent "), head[1:])
    parents = tuple(line[7:].decode("ascii", "replace") for line in above)
    authors = [AUTHOR.fullmatch(line) for line in head if line.startswith(b"author ")]
    found = authors[0] if len(authors) == 1 else None
    return Commit(name, parents, int(found[1]) if found else None)


def changed_items(output: bytes) -> tuple[list[TreeItem], frozenset[bytes]]:
    """Of `diff-tree --raw -z`: the paths as they are on the new side, and those that were added."""
    fields = output.split(b"\0")[:-1]
    items, added = [], set()
    for head, path in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, blob, how = head.decode().split(" ")
        items.append(TreeItem(path, mode, blob))
        if how == "A":
            added.add(path)
    return items, frozenset(added)


def added_paths(output: bytes) -> dict[bytes, int]:
    """Of `log --raw -z --format="%H %at"`: path → when it was added last, in seconds. A commit
    whose author has no date that can be read dates nothing."""
    found: dict[bytes, int | None] = {}
    moment: int | None = None
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        if token.lstrip(b"\n").startswith(b":"):
            found.setdefault(next(tokens), moment)
        else:
            said = token.partition(b" ")[2]
            moment = int(said) if said.isdigit() else None
    return {path: at for path, at in found.items() if at is not None}


def commit_head(raw: bytes) -> CommitHead:
    """Of a commit's object. Whatever it holds, it is told in one short line."""
    head, _, message = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    author = next((line[7:] for line in lines if line.startswith(b"author ")), b"")
    signed = any(line.startswith(b"gpgsig") for line in lines)
    name = author.rpartition(b">")[0] + b">" if b">" in author else author
    return CommitHead(_shown(name), _shown(message.lstrip(b"\n").partition(b"\n")[0]), signed)


def _shown(text: bytes) -> str:
    said = "".join(c for c in text.decode("utf-8", "replace") if c.isprintable()).strip()
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"


def _damaged(what: str) -> GitFault:
    reason = f"{what} in the repository is damaged"
    return GitFault("git.damaged", reason, "Run `manage.py checkrepo --mend`")


def batch_header(line: bytes) -> list[str]:
    """Object, type and size, of `cat-file --batch`. Raises GitFault for a missing object."""
    parts = line.decode().split(" ")
    if len(parts) == HEADER_PARTS:
        return parts
    raise GitFault(
        "git.missing-object",
        f"the repository lacks the object {parts[0].strip()[:40]}",
        "Run `manage.py checkrepo --mend`; it is made again from the remote",
    )
