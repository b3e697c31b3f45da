"""Values in slices, each of which one statement takes: SQLite binds a bounded number of them."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

SLICE: Final = 500
LARGE: Final = 5_000
"""For what is asked on each request: as few statements as any SQLite takes."""


def slices(values: Sequence[T], most: int = SLICE) -> Iterator[Sequence[T]]:
    return (values[start : start + most] for start in range(0, len(values), most))


def marks(values: Sequence[object]) -> str:
    """A question mark for each, for `IN (…)`."""
    return ",".join("?" * len(values))
