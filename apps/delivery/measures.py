"""How requests were answered, counted on the path of each: plain numbers of the thread that counts,
so that nobody waits for a lock. Whoever asks for them adds up the threads."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock, Thread, current_thread, local
from typing import Final, NamedTuple

BUCKETS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
"""Upper bounds in seconds; slower ones have a bucket of their own."""
ROWS: Final = 1000
"""Of one thread, each a route, an outcome and a status; what is beyond counts as OTHER."""
OTHER: Final = "other"
NO_ROUTE: Final = "none"
"""Of what never reached a route: files, redirects, refusals."""


class Outcome(StrEnum):
    """`pass` is what may not be kept, or is not asked of the cache at all."""

    HIT = "hit"
    MISS = "miss"
    PASS = "pass"  # noqa: S105
    REFUSED = "refused"

    # That of Enum is a function of Python's own.
    __hash__ = str.__hash__


class Kind(NamedTuple):
    """`route` is `theme/route`, never a path: visitors choose paths."""

    route: str
    outcome: Outcome
    status: int


@dataclass(frozen=True, slots=True)
class Times:
    """How many fell into each bucket, the one without a bound last, and their seconds in all."""

    counts: tuple[int, ...]
    seconds: float

    def __add__(self, other: "Times") -> "Times":
        counts = tuple(mine + its for mine, its in zip(self.counts, other.counts, strict=True))
        return Times(counts, self.seconds + other.seconds)


@dataclass(frozen=True, slots=True)
class Taken:
    times: Mapping[Kind, Times]
    under_way: int


class Measures:
    """One per process."""

    def __init__(self) -> None:
        self._own = local()
        self._lock = Lock()
        self._threads: list[_Cells] = []
        self._ended = _Cells(None)

    def add(self, kind: Kind, seconds: float) -> None:
        """Costs under a microsecond; never waits, and raises nothing."""
        cells = getattr(self._own, "cells", None) or self._join()
        row = cells.rows.get(kind)
        if row is None:
            row = cells.begin(kind)
        row.counts[bisect_left(BUCKETS, seconds)] += 1
        row.seconds += seconds

    def begin(self) -> None:
        """A request that takes long enough to be seen under way."""
        (getattr(self._own, "cells", None) or self._join()).begun += 1

    def end(self) -> None:
        (getattr(self._own, "cells", None) or self._join()).ended += 1

    def taken(self) -> Taken:
        """Since the start; of all threads, those that have ended among them."""
        with self._lock:
            living = []
            for cells in self._threads:
                if cells.is_left():
                    self._ended.take(cells)
                else:
                    living.append(cells)
            self._threads = living
            sums = _Cells(None)
            for cells in (self._ended, *living):
                sums.take(cells)
        return sums.taken()

    def _join(self) -> "_Cells":
        cells = _Cells(current_thread())
        with self._lock:
            self._threads.append(cells)
        self._own.cells = cells
        return cells


class _Row:
    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0


class _Cells:
    """Written by one thread alone; read by others at any time, which may miss the last request."""

    __slots__ = ("begun", "ended", "rows", "thread")

    def __init__(self, thread: Thread | None) -> None:
        self.thread = thread
        self.rows: dict[Kind, _Row] = {}
        self.begun = self.ended = 0

    def begin(self, kind: Kind) -> _Row:
        if len(self.rows) >= ROWS:
            kind = kind._replace(route=OTHER)
        return self.rows.setdefault(kind, _Row())

    def is_left(self) -> bool:
        return self.thread is not None and not self.thread.is_alive()

    def take(self, other: "_Cells") -> None:
        self.begun += other.begun
        self.ended += other.ended
        for kind, row in tuple(other.rows.items()):
            mine = self.rows.setdefault(kind, _Row())
            mine.counts = [a + b for a, b in zip(mine.counts, row.counts, strict=True)]
            mine.seconds += row.seconds

    def taken(self) -> Taken:
        times = {kind: Times(tuple(row.counts), row.seconds) for kind, row in self.rows.items()}
        return Taken(times, self.begun - self.ended)
