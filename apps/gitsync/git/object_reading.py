"""Reads objects of a repository: many in one pass of Git, few by one that is kept at hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final, Self

from apps.gitsync.errors import GitFault
from apps.gitsync.git.objects import Objects
from apps.gitsync.git.output import (
    Commit,
    TreeItem,
    batch_header,
    commit_of,
    raw_tree_items,
    tree_items,
)
from apps.gitsync.git.program import GitProgram

FEW: Final = 64
STEPS: Final = 64
"""Commits that are walked one by one before Git is asked to."""


class ObjectReading(GitProgram):
    """What is read does not depend on whether a Git is at hand."""

    _objects: Objects | None = None

    @contextmanager
    def at_hand(self) -> Iterator[Self]:
        """Within, few objects are asked of one Git, which ends with it. Whoever replaces the clone
        itself does so before `ready` or the first question."""
        self._objects = Objects(lambda: self._asked("cat-file", "--batch-command"))
        try:
            yield self
        finally:
            objects, self._objects = self._objects, None
            objects.close()

    def ready(self) -> None:
        """The Git at hand, if one is wanted, starts while something else is waited for."""
        if self._objects:
            self._objects.start()

    def sizes(self, blobs: Sequence[str]) -> dict[str, int]:
        """blob → bytes, without reading the blobs themselves."""
        if not blobs:
            return {}
        if self._objects and len(blobs) <= FEW:
            headers = map(self._objects.header, blobs)
            return {name: int(size) for name, _, size in headers}
        sizes = {}
        with self._batch("--batch-check", blobs) as stream:
            for line in stream:
                name, _, size = batch_header(line)
                sizes[name] = int(size)
        return sizes

    def has_commit(self, name: str) -> bool:
        """Of a whole id. What cannot be read is not there."""
        try:
            return self.kinds([name])[name] == "commit"
        except (GitFault, KeyError):
            return False

    def kinds(self, objects: Sequence[str]) -> dict[str, str]:
        """object → commit, tag, tree or blob."""
        if self._objects:
            headers = map(self._objects.header, objects)
            return {name: kind for name, kind, _ in headers}
        with self._batch("--batch-check", objects) as stream:
            return {name: kind for name, kind, _ in map(batch_header, stream)}

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, bytes) of each, in one pass. The caller bounds sizes before."""
        if not blobs:
            return
        if self._objects and len(blobs) <= FEW:
            yield from map(self._objects.read, blobs)
            return
        with self._batch("--batch", blobs) as stream:
            for _ in blobs:
                name, _, size = batch_header(stream.readline())
                content = stream.read(int(size))
                if stream.read(1) != b"\n":  # Git gave up half-way: the object is damaged.
                    batch_header(name.encode())
                yield name, content

    def copy(self, blob: str, into: BinaryIO) -> None:
        """Streams one blob, whatever its size, in constant memory."""
        self._copied("cat-file", "blob", blob, into=into)

    def top(self, commit: str) -> list[TreeItem]:
        """The entries of the top folder, folders among them."""
        if self._objects:
            return raw_tree_items(self._objects.read(f"{commit}^{{tree}}")[1])
        return tree_items(self._run("ls-tree", "-z", "--full-tree", commit))

    def steps(self, old: str, new: str) -> list[Commit] | None:
        """From `new` to the one after `old`, by first parents. None where no short chain leads
        there, or no Git is at hand."""
        found: list[Commit] = []
        with suppress(GitFault):  # Whoever asks Git instead is told.
            while self._objects and len(found) < STEPS:
                found.append(commit_of(*self._objects.read(found[-1].parents[0] if found else new)))
                if not found[-1].parents:
                    return None
                if found[-1].parents[0] == old:
                    return found
        return None
