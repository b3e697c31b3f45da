"""Keeps the site up when an extension is not: which ones may be called now, in this process and in
all others that serve the site. No request ever waits for it, and it raises into none.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from apps.extensions.containment.breaker import (
    CLOSED_STATE,
    OPEN,
    QUARANTINED,
    Breaker,
    Cause,
    State,
)
from apps.extensions.containment.breakers import Breakers
from apps.extensions.containment.denials import Denial, Denials
from apps.extensions.containment.writer import Store, Writer
from apps.extensions.messages import readable

log = structlog.get_logger("whispercms.extensions")


@dataclass(frozen=True, slots=True)
class Status:
    """What people are told. `retry_at` (seconds since 1970) is of an open one only."""

    state: State
    reason: str = ""
    retry_at: float | None = None
    failures: int = 0

    def retry_in(self, now: float) -> float | None:
        """Seconds; 0 when the next call is the trial."""
        return None if self.retry_at is None else max(0.0, self.retry_at - now)

    def as_json(self) -> dict[str, str | None]:
        moment = None if self.retry_at is None else datetime.fromtimestamp(self.retry_at, UTC)
        return {
            "state": self.state,
            "reason": self.reason,
            "retry_at": moment.isoformat(timespec="seconds") if moment else None,
        }


def status_of(breaker: Breaker) -> Status:
    return Status(
        state=breaker.state,
        reason=breaker.reason,
        retry_at=breaker.retry_at if breaker.state == OPEN else None,
        failures=len(breaker.failures) + breaker.errors,
    )


class Containment:
    """One per process. Keys: `plugin:<id>`, `theme:<id>/<template>`.

    With a store nothing is admitted until the shared state was read once: what is quarantined must
    not run because a database is late. Without one, this process is on its own.
    """

    def __init__(self, store: Store | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._breakers = Breakers(self._wake, alone=store is None)
        self._denials = Denials()
        self._store = store
        self._writer = Writer(self._breakers, self._denials, store, clock) if store else None

    @property
    def known(self) -> bool:
        """Whether the shared state was read."""
        return self._breakers.known

    @property
    def quarantined(self) -> frozenset[str]:
        """Keys; the same object for as long as nothing of it changes."""
        return self._breakers.quarantined

    def apart(self) -> "Containment":
        """For pages that are only looked at: what fails there is not held against it on readers'
        pages, and what is quarantined does not run there either."""
        return _Apart(self)

    def bars(self, key: str) -> bool:
        """Whether it must not run for anybody."""
        return not self._breakers.known or key in self._breakers.quarantined

    def admits(self, key: str) -> bool:
        """Whether the extension may be called now. True for an open one makes the call its one
        trial, whose end must be told."""
        if self._breakers.is_shut(key):
            return self._breakers.tries(key, self._clock())
        return self._breakers.known

    def failed(self, key: str, cause: Cause, reason: str) -> None:
        shut = self._breakers.failed(key, cause, self._clock(), readable(reason))
        if shut:
            tell = log.error if shut.state == QUARANTINED else log.warning
            tell("breaker", extension=key, state=shut.state, reason=shut.reason)

    def has_seen(self, key: str) -> bool:
        """Whether something of it is known: a page that never failed need not be told of."""
        return self._breakers.has_seen(key)

    def is_settled(self, key: str) -> bool:
        """Whether another success changes nothing: it has credit, and is not on trial."""
        return self._breakers.is_settled(key)

    def succeeded(self, key: str) -> None:
        if not self._breakers.is_settled(key):
            self._breakers.succeeded(key, self._clock())

    def denied(self, key: str, call: str, capability: str, request_id: str) -> None:
        """For the audit alone; whether it is a failure too is the caller's to say."""
        if self._writer:
            self._denials.add(Denial(key, call, capability, self._clock(), request_id))

    def loaded(self, keys: Iterable[str]) -> None:
        """These extensions are other ones than before: new bytes, settings or grants. Whatever is
        shut stays shut."""
        self._breakers.loaded(keys)

    def statuses(self) -> Mapping[str, Status]:
        """Of all that have ever been called or shut, by key."""
        return {key: status_of(each) for key, each in sorted(self._breakers.all().items())}

    def shut(self) -> Mapping[str, Status]:
        """Of those that are open or quarantined, by key."""
        return {k: each for k, each in self.statuses().items() if each.state != CLOSED_STATE}

    def start(self) -> None:
        """Reads the shared state, then follows it. A state that cannot be read is no error here."""
        if self._store is None or self._writer is None:
            return
        try:
            self._breakers.read(self._store.read())
        except Exception as error:
            log.error("no extension is admitted: their states are unknown", reason=str(error))
            self._store.close()
        self._writer.start()

    def alive(self) -> bool:
        """Whether it follows the shared state; without one there is nothing to follow."""
        return self._writer is None or self._writer.alive()

    def stop(self) -> None:
        if self._writer:
            self._writer.stop()

    def _wake(self) -> None:
        if self._writer:
            self._writer.wake()


class _Apart(Containment):
    def __init__(self, shared: Containment) -> None:
        super().__init__()
        self._shared = shared

    def bars(self, key: str) -> bool:
        return self._shared.bars(key) or super().bars(key)

    def admits(self, key: str) -> bool:
        return not self._shared.bars(key) and super().admits(key)
