"""Whether something cannot be read, or a Git merely failed at it, as one that was killed does."""

from collections.abc import Callable
from typing import Final, TypeVar

from apps.gitsync.errors import GitFault

T = TypeVar("T")

TRIES: Final = 3
UNREADABLE: Final = frozenset({"git.damaged", "git.missing-object", "remote.damaged"})
UNSURE: Final = frozenset({"git.killed", "git.locked", "git.missing", "git.slow", "node.storage"})
"""What says nothing of what was to be read."""


def says_so(code: str) -> bool:
    return code in UNREADABLE


def is_sure(code: str) -> bool:
    return code not in UNSURE


def readable(read: Callable[[], T], *, proof: Callable[[str], bool] = says_so) -> T | None:
    """None for what cannot be read. That a Git fails is no proof of it, as it may have been killed:
    so it has to say so, and again. Raises GitFault for everything else."""
    for left in reversed(range(TRIES)):
        try:
            return read()
        except GitFault as error:
            if not left and not proof(error.code):
                raise
    return None
