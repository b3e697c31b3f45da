"""Many new blobs at once, none of them in memory: what Git is to read is kept on the disk.

Names of blobs are known before anything is written, so that what changed can be told without it.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository

CHUNK: Final = 1024 * 1024


def blob_name(content: bytes) -> str:
    """As Git calls it in a repository of SHA-1, which all of ours are."""
    return name_of(len(content), [content])


def name_of(size: int, chunks: Iterable[bytes]) -> str:
    digest = _digest(size)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


class BlobSpool:
    """Close it, or what it holds stays until the process ends."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._names: set[str] = set()

    def close(self) -> None:
        self._file.close()

    def add(self, content: bytes) -> None:
        self._put(blob_name(content), len(content), [content])

    def copy(self, file: BinaryIO, name: str, size: int) -> None:
        """Of one that was named before. Raises GitFault where it is another now; then the spool is
        only fit to be closed."""
        self._put(name, size, chunks_of(file))

    def written(self, repository: Repository) -> None:
        """All of them are in the repository afterwards. Raises GitFault."""
        if self._names:
            self._file.write(b"done\n")
            self._file.seek(0)
            repository.run("fast-import", "--quiet", "--done", istream=self._file)
            repository.sizes(sorted(self._names))

    def _put(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        if name in self._names:
            return
        self._names.add(name)
        digest = _digest(size)
        self._file.write(b"blob\ndata %d\n" % size)
        for chunk in chunks:
            digest.update(chunk)
            self._file.write(chunk)
        self._file.write(b"\n")
        if digest.hexdigest() != name:
            raise GitFault("file.changed", "a file changed while it was read", "Import again")


def _digest(size: int) -> "hashlib._Hash":
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
