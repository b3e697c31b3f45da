"""Puts folders on the disk: Git does so with the bytes of files, not with the names they are given.

Without it an acknowledged commit could be gone after the power was.
"""

import os
from collections.abc import Iterator
from pathlib import Path

COARSE_SECONDS = 2.0
"""By how much a file system may tell a time too early."""


def persist(repository: Path, ref: str, *, since: float) -> None:
    """Of all objects written since a moment, and of one ref. Some milliseconds. Raises OSError."""
    for folder in (*_folders(repository / "objects", since), *_above(repository, ref)):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _folders(objects: Path, since: float) -> Iterator[Path]:
    with os.scandir(objects) as entries:
        for entry in entries:
            if entry.is_dir() and entry.stat().st_mtime >= since - COARSE_SECONDS:
                yield Path(entry.path)
    yield objects


def _above(repository: Path, ref: str) -> Iterator[Path]:
    """The ref's own folder first: a name counts from when its folder is on the disk."""
    folder = (repository / ref).parent
    while folder.is_relative_to(repository):
        if folder.is_dir():
            yield folder
        folder = folder.parent
