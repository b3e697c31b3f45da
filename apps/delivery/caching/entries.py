"""A response that was made, and what it was made from. Knows no index."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, NamedTuple

from apps.delivery.facts import Fact
from apps.delivery.http.representation import Representations

OVERHEAD: Final = 1024
"""Bytes that an entry takes besides its representations and facts, about."""
FACT: Final = 180
"""Bytes that each fact takes besides its characters."""

Values = tuple[str | None, ...]
"""Of what was read of the request, in the order of the names; None for what was not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A response that has just been made. `names` are the headers and the keys of the query that
    were read (`query_keys`); `quarantined` are the extensions that were kept out, as the same
    object as long as they stay the same."""

    path: str
    route: str
    names: tuple[str, ...]
    values: Values
    facts: tuple[Fact, ...]
    made_by: str
    token: object
    quarantined: frozenset[str]
    representations: Representations
    keeps: bool
    """Whether others may be given it."""
    carries_query: bool = False
    """Whether what the visitor sent as query would be in it: it is for requests without one."""
    proposed: str = ""
    """By which extension how much; told where somebody wants to know."""


class Shelf:
    """The entries of one route, in the order in which they may have to give way."""

    __slots__ = ("bytes", "entries", "route")

    def __init__(self, route: str) -> None:
        self.route = route
        self.bytes = 0
        self.entries: OrderedDict[Entry, None] = OrderedDict()


class Holding(NamedTuple):
    """Under which commit, version and moment a response was found to hold last, and what it is
    there. Read and replaced as one."""

    token: object
    quarantined: frozenset[str]
    representations: Representations


class Entry:
    """Only `holding` and `hits` are written without the lock of the shelves. Whoever uses one adds
    to its `hits`; `spared` is what they were when it was last spared for that."""

    __slots__ = ("fresh", "hits", "holding", "shelf", "size", "spared")

    def __init__(self, fresh: Fresh, shelf: Shelf, hits: int = 0) -> None:
        self.fresh = fresh
        self.shelf = shelf
        self.holding = Holding(fresh.token, fresh.quarantined, fresh.representations)
        self.hits, self.spared = hits, 0
        self.size = size_of(fresh, fresh.representations)

    def spare(self) -> bool:
        """Whether it was used since it was asked this last."""
        was_used, self.spared = self.hits > self.spared, self.hits
        return was_used


def size_of(fresh: Fresh, representations: Representations) -> int:
    facts = sum(FACT + len(f.asked) + len(f.answer) for f in fresh.facts)
    values = sum(len(value) for value in fresh.values if value)
    return OVERHEAD + facts + values + len(fresh.path) + representations.size
