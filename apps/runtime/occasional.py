"""A program that runs while there is something for it to do, and costs nothing at other times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Final, Protocol

LOOK_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 10.0
"""Without work, before it is told to end: what comes in bursts is done by one."""


class Runnable(Protocol):
    """As a part of the supervisor, with force."""

    @property
    def name(self) -> str: ...

    @property
    def requires(self) -> Sequence[str]: ...

    def start(self) -> None: ...

    def ending(self) -> str | None: ...

    def ask(self) -> None: ...

    def wait(self, seconds: float) -> bool: ...

    def kill(self) -> None: ...


@dataclass(slots=True)
class _Run:
    """Of the program, from its start to its end."""

    worked: float
    is_asked: bool = False


class Occasional:
    """A part of a supervisor, which looks for work as often as it is tended."""

    def __init__(
        self,
        program: Runnable,
        has_work: Callable[[], bool],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.name, self.requires = program.name, program.requires
        self._program, self._has_work, self._clock = program, has_work, clock
        self._run: _Run | None = None
        self._look_at = -inf

    def start(self) -> None:
        """To look. Nothing that ran before is left."""
        self._program.kill()
        self._run, self._look_at = None, -inf

    def ending(self) -> str | None:
        """What it ended of without being asked, or why it cannot be told whether it is needed."""
        if self._run and (reason := self._program.ending()) is not None:
            if not self._run.is_asked:
                return reason
            self._run = None
        if (now := self._clock()) < self._look_at:
            return None
        self._look_at = now + LOOK_SECONDS
        try:
            self._look(now)
        except Exception as error:  # Of a database, or of a start.
            # What is under way is not to be ended for that.
            return None if self._run else str(error) or type(error).__name__
        return None

    def ask(self) -> None:
        if self._run:
            self._program.ask()

    def wait(self, seconds: float) -> bool:
        return self._run is None or self._program.wait(seconds)

    def kill(self) -> None:
        if self._run:
            self._program.kill()

    def _look(self, now: float) -> None:
        has_work = self._has_work()
        if self._run is None and has_work:
            self._program.start()
            self._run = _Run(now)
        elif self._run and has_work:
            self._run.worked = now
        elif self._run and not self._run.is_asked and now - self._run.worked > IDLE_SECONDS:
            # It does what it has begun, and leaves the rest where it is.
            self._program.ask()
            self._run.is_asked = True
