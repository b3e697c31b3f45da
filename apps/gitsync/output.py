"""What Git prints, as values. Pure; names are bytes and may hold anything but NUL."""

from dataclasses import dataclass

from apps.gitsync.errors import GitFault

NOTHING = "0" * 40
HEADER_PARTS = 3


@dataclass(frozen=True, slots=True)
class TreeItem:
    """One path of a commit. `mode` is Git's, such as 100644; a removed path has none."""

    path: bytes
    mode: str
    blob: str

    @property
    def removed(self) -> bool:
        return self.blob == NOTHING


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


def batch_header(line: bytes) -> list[str]:
    """Object, type and size, of `cat-file --batch`. Raises GitFault for a missing object."""
    parts = line.decode().split(" ")
    if len(parts) == HEADER_PARTS:
        return parts
    raise GitFault(
        "git.missing-object",
        f"the repository lacks the object {parts[0].strip()[:40]}",
        "Remove the clone below WHISPERCMS_STATE; it is made again from the remote",
    )
