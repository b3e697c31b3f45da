"""How the calls of one pool ended, as numbers for health pages and logs."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

from apps.runtime.faults import (
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerTimeout,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`calls` are those that a worker was sent and that are over; `replacements` are of workers."""

    calls: int
    answers: int
    timeouts: int
    deaths: int
    bad_frames: int
    errors: int
    replacements: int

    def __add__(self, other: "Counts") -> "Counts":
        names = (each.name for each in fields(self))
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


class Tally:
    """Not thread-safe: its pool holds the lock."""

    __slots__ = ("_answers", "_faults", "replacements")

    def __init__(self) -> None:
        self._answers = 0
        self._faults: Counter[type[WorkerFault]] = Counter()
        self.replacements = 0

    def add(self, outcome: Any) -> None:
        """An answer or the fault in its place."""
        if isinstance(outcome, WorkerFault):
            self._faults[type(outcome)] += 1
        else:
            self._answers += 1

    def counts(self) -> Counts:
        return Counts(
            calls=self._answers + self._faults.total(),
            answers=self._answers,
            timeouts=self._faults[WorkerTimeout],
            deaths=self._faults[WorkerDied],
            bad_frames=self._faults[WorkerBadFrame],
            errors=self._faults[WorkerError],
            replacements=self.replacements,
        )
