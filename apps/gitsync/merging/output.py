"""What `git merge-tree --write-tree -z --messages` prints, as values. Pure; paths are bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from apps.gitsync.git.output import TreeItem

BASE, OURS, THEIRS = 1, 2, 3
Stages = dict[bytes, dict[int, TreeItem]]
"""Of a path in conflict: number → version."""


@dataclass(frozen=True, slots=True)
class Message:
    """What Git did or could not do. `kind` is stable, `text` is for people."""

    kind: str
    paths: tuple[bytes, ...]
    text: str

    @property
    def is_conflict(self) -> bool:
        return self.kind.startswith("CONFLICT")


@dataclass(frozen=True, slots=True)
class TreeMerge:
    tree: str
    stages: Stages
    messages: tuple[Message, ...]


def tree_merge(output: bytes) -> TreeMerge:
    fields = iter(output.split(b"\0")[:-1])
    tree = next(fields).decode()
    stages: Stages = {}
    for field in iter(lambda: next(fields, b""), b""):
        head, _, path = field.partition(b"\t")
        mode, blob, stage = head.decode().split(" ")
        stages.setdefault(path, {})[int(stage)] = TreeItem(path, mode, blob)
    return TreeMerge(tree, stages, tuple(_messages(fields)))


def _messages(fields: Iterator[bytes]) -> Iterator[Message]:
    for count in fields:
        paths = tuple(islice(fields, int(count)))
        kind, text = next(fields).decode(), next(fields).decode("utf-8", "replace")
        yield Message(kind, paths, text.strip())
