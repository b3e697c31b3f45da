"""The thread between the breakers of this process and the state that all processes share."""

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from apps.extensions import limits
from apps.extensions.containment.breaker import Breaker
from apps.extensions.containment.breakers import Breakers, Claim
from apps.extensions.containment.changes import Change
from apps.extensions.containment.denials import MINUTE, Denial, Denials

log = structlog.get_logger("whispercms.extensions")


class Store(Protocol):
    """The shared state. Every method may raise, and takes one short transaction."""

    def read(self) -> Mapping[str, Breaker]: ...

    def carry_out(self, key: str, changes: tuple[Change, ...]) -> Breaker:
        """The state that came of it."""

    def claim(self, claim: Claim) -> Breaker | None:
        """None when the state is not as the claim has seen it."""

    def deny(self, denials: list[Denial], dropped: int) -> None: ...

    def close(self) -> None:
        """Of the calling thread; the next use opens anew."""


class Writer:
    """Whatever fails is tried again, less often the longer it fails."""

    def __init__(
        self, breakers: Breakers, denials: Denials, store: Store, clock: Callable[[], float]
    ) -> None:
        self._breakers, self._denials, self._store = breakers, denials, store
        self._clock = clock
        self._wakes = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread()

    def wake(self) -> None:
        self._wakes.set()

    def start(self) -> None:
        """Or starts again, if its thread has died."""
        if not self.alive():
            self._thread = threading.Thread(target=self._run, name="containment", daemon=True)
            self._thread.start()

    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """What waits is written if the database answers in time; a quarantine that does not reach
        it is named in the log."""
        self._ended.set()
        self._wakes.set()
        if self.alive():
            self._thread.join(limits.STATES_STOP_SECONDS)
        for key, changes in sorted(self._breakers.pending().items()):
            log.error("state not kept", extension=key, reason=changes[-1].reason)

    def step(self, *, last: bool = False) -> None:
        """Writes, reads, claims. All is tried; raises the first error afterwards."""
        errors: list[Exception] = []
        for key, changes in sorted(self._breakers.pending().items()):
            try:
                self._breakers.written(key, changes, self._store.carry_out(key, changes))
            except Exception as error:
                errors.append(error)
        if not last:
            self._breakers.read(self._store.read())
            for claim in self._breakers.claims(self._clock()):
                self._breakers.claimed(claim, self._store.claim(claim))
        self._deny(self._clock() + MINUTE if last else self._clock())
        if errors:
            raise errors[0]

    def _deny(self, before: float) -> None:
        taken, dropped = self._denials.take(before)
        if not taken and not dropped:
            return
        try:
            self._store.deny(taken, dropped)
        except Exception:
            self._denials.put_back(taken, dropped)
            raise

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            self._wakes.wait(limits.STATES_POLL_SECONDS)
            self._wakes.clear()
            failures = 0 if self._succeeds(failures) else failures + 1
            if failures:
                self._ended.wait(min(2.0**failures, limits.STATES_RETRY_SECONDS))
        self._succeeds(0, last=True)
        self._store.close()

    def _succeeds(self, failures: int, *, last: bool = False) -> bool:
        """A failure is told once, not at each attempt, and the connection is made anew."""
        try:
            self.step(last=last)
        except Exception as error:
            if not failures:
                log.error("states of extensions cannot be shared", reason=str(error))
            self._store.close()
            return False
        if failures:
            log.warning("states of extensions are shared again", failures=failures)
        return True
