"""What Git prints, as values. Pure; names are bytes and may hold anything but NUL."""

from dataclasses import dataclass

from apps.gitsync.errors import GitFault

NOTHING = "0" * 40
HEADER_PARTS = 3
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


def changed_items(output: bytes) -> list[TreeItem]:
    """Of `diff-tree --raw -z`: the paths as they are on the new side."""
    fields = output.split(b"\0")[:-1]
    items = []
    for head, path in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, blob, _ = head.decode().split(" ")
        items.append(TreeItem(path, mode, blob))
    return items


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
