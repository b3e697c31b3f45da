"""Renditions that were made, as files of this node: bounded, and deletable at any time.

A file is a rendition and, behind it, the digest of its bytes.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from apps.content.images.bounds import SHELF_PART, USED_SECONDS

DIGEST: Final = 16
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """`length` bytes at the start of the file; `digest` is of them, as hexadecimal digits."""

    path: Path
    length: int
    digest: str


class Shelf:
    """Thread-safe; other processes may use the same folder. `room` in bytes is kept to within a
    sixteenth for each of them."""

    def __init__(self, folder: Path, room: int, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._room, self._clock = folder, room, clock
        self._lock = threading.Lock()
        self._unlooked = room
        """Written since it was looked through; at first nobody knows what there is."""

    def find(self, key: str) -> Shelved | None:
        """None for what is not there, or was damaged."""
        path = self._place(key)
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                file.seek(-DIGEST, os.SEEK_END)
                digest = file.read(DIGEST).hex()
        except OSError:
            return None
        now = self._clock()
        if now - state.st_mtime > USED_SECONDS:
            with suppress(OSError):
                os.utime(path, (now, now))
        return Shelved(path, state.st_size - DIGEST, digest)

    def put(self, key: str, content: bytes) -> Shelved:
        """Whole or not at all. Raises OSError."""
        path = self._place(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = digest_of(content)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(content)
                file.write(digest)
                file.flush()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        self._count(len(content) + DIGEST)
        return Shelved(path, len(content), digest.hex())

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]

    def _count(self, written: int) -> None:
        with self._lock:
            self._unlooked += written
            if self._unlooked * SHELF_PART <= self._room:
                return
            self._unlooked = 0
        self._make_room()

    def _make_room(self) -> None:
        """The least recently used go."""
        there = sorted(self._files(), key=lambda each: (each[0], str(each[2])))
        taken = sum(size for _, size, _ in there)
        for _, size, path in there:
            if taken <= self._room:
                return
            path.unlink(missing_ok=True)
            taken -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                state = path.stat()
                yield state.st_mtime, state.st_size, path


def digest_of(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST).digest()
