"""Runs what is to run beside the requests, or a node's programs, and starts it again as
`supervision` decides. It only looks, asks and tells.
"""

from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, RLock, Thread
from time import monotonic
from types import MappingProxyType
from typing import Final, Protocol

import structlog

from apps.runtime.limits import PART_STOP_SECONDS, TEND_SECONDS
from apps.runtime.supervision import (
    Restarts,
    Standing,
    State,
    ended,
    held,
    may_start,
    settled,
    started,
    stopped,
    to_hold,
)

log = structlog.get_logger("whispercms.supervisor")

Observe = Callable[[str, Standing], None]
RULE: Final = Restarts()


class Part(Protocol):
    """Something that runs until it is asked to end."""

    @property
    def name(self) -> str: ...

    @property
    def requires(self) -> Sequence[str]: ...

    def start(self) -> None:
        """Returns at once. Raises what keeps it from starting."""

    def ending(self) -> str | None:
        """Why it no longer runs; None while it does."""

    def ask(self) -> None:
        """To end; returns at once."""

    def wait(self, seconds: float) -> bool:
        """Whether it has ended in that time."""


class Supervisor:
    """Parts come in the order of starting: what one requires stands before it. Looking at the
    standings never waits for a start or a stop."""

    def __init__(
        self,
        parts: Sequence[Part] = (),
        rule: Restarts = RULE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._rule, self._clock = rule, clock
        self._lock, self._observers = RLock(), list[Observe]()
        self._standings: Mapping[str, Standing] = MappingProxyType({})
        self._parts: dict[str, Part] = {}
        self._ended = Event()
        self._begun = Lock()
        self.add(*parts)

    def add(self, *parts: Part) -> None:
        """Before the start."""
        self._parts |= {part.name: part for part in parts}
        self._requires = {name: tuple(part.requires) for name, part in self._parts.items()}
        self._standings = MappingProxyType({name: Standing() for name in self._parts})

    def observe(self, observe: Observe) -> None:
        """Told of each change of a state; must not wait."""
        self._observers.append(observe)

    def standings(self) -> Mapping[str, Standing]:
        return self._standings

    def start(self) -> None:
        """Tends its parts in a thread of its own, the first time before it returns."""
        if self._parts and self._begun.acquire(blocking=False):
            self.tend()
            Thread(target=self._run, name="supervisor", daemon=True).start()

    def tend(self) -> None:
        """One look at all of them."""
        with self._lock:
            if self._ended.is_set():
                return
            for name, part in self._parts.items():
                self._look(name, part)
            for name, by in tuple(to_hold(self._standings, self._requires)):
                self._end(name, held(self._standings[name], self._clock(), by))
            for name, part in self._parts.items():
                if may_start(name, self._standings, self._requires, self._clock()):
                    self._start(name, part)

    def close(self) -> None:
        """Nothing is started any more; what runs, runs on until it is stopped."""
        self._ended.set()

    def stop(self, name: str, seconds: float = PART_STOP_SECONDS) -> None:
        """For good; without effect on a name that is not here."""
        with self._lock:
            if name in self._parts and self._standings[name].state is not State.STOPPED:
                now = self._clock()
                self._end(name, stopped(self._standings[name], now), seconds)

    def _run(self) -> None:
        while not self._ended.wait(TEND_SECONDS):
            try:
                self.tend()
            except Exception as error:  # a part that breaks its word must not cost the others
                log.error("could not tend", reason=str(error))

    def _look(self, name: str, part: Part) -> None:
        standing, now = self._standings[name], self._clock()
        if standing.state is not State.RUNNING:
            return
        if (reason := part.ending()) is None:
            self._set(name, settled(standing, now, self._rule))
        else:
            self._set(name, ended(standing, now, reason, self._rule))

    def _start(self, name: str, part: Part) -> None:
        try:
            part.start()
        except Exception as error:
            reason = str(error) or type(error).__name__
            self._set(name, ended(self._standings[name], self._clock(), reason, self._rule))
        else:
            self._set(name, started(self._standings[name], self._clock()))

    def _end(self, name: str, after: Standing, seconds: float = PART_STOP_SECONDS) -> None:
        part = self._parts[name]
        part.ask()
        if not part.wait(seconds):
            log.error("not stopped in time", component=name)
        self._set(name, after)

    def _set(self, name: str, standing: Standing) -> None:
        before = self._standings[name]
        self._standings = MappingProxyType({**self._standings, name: standing})
        if standing.state is before.state and standing.failures == before.failures:
            return
        _tell(name, standing, self._clock())
        for observe in self._observers:
            try:
                observe(name, standing)
            except Exception as error:
                log.error("could not be told", component=name, reason=str(error))


def _tell(name: str, standing: Standing, now: float) -> None:
    if standing.state is State.FAILED:
        log.error("given up", component=name, reason=standing.reason, failures=standing.failures)
    elif standing.state is State.RESTARTING:
        again = round(standing.retry_at - now, 3)
        log.warning("ended", component=name, reason=standing.reason, again=again)
    else:
        log.info(str(standing.state), component=name)
