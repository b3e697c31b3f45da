"""One sync at a time on this node, whichever process runs it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

STALE_SECONDS: Final = 60.0


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Waits for its turn; the kernel frees the lock when the process ends, however it ends. One
    that was killed leaves a word in the file, of which the next makes a file `*.unclean`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.stat().st_size:
            path.with_suffix(".unclean").touch()
            file.truncate(0)
        file.write("held")
        file.flush()
        try:
            clear_stale(path.parent / "repository.git")
            yield
        finally:
            file.truncate(0)


def clear_stale(repository: Path) -> None:
    """Git leaves the locks of its refs behind when it is killed, and then refuses for ever. It
    holds one for some milliseconds, so an old one has nobody."""
    for folder in (repository, *_below(repository / "refs")):
        for lock in folder.glob("*.lock"):
            with suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > STALE_SECONDS:
                    lock.unlink()


def _below(folder: Path) -> Iterator[Path]:
    return (Path(root) for root, _, _ in os.walk(folder))
