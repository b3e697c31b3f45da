"""Hands to one subscriber what the outboxes keep, in their order, at least once: an event counts as
taken when the subscriber has returned, and is handed over again after whatever came before that.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

import structlog

from apps.runtime.emissions import EmissionRefused, Event
from apps.runtime.limits import OUTBOX_SECONDS
from apps.runtime.outbox.cursors import acknowledge, close, place_of
from apps.runtime.outbox.reading import Outbox, Place
from apps.runtime.subscriptions import EventCounts, Receive, Turn, turn
from apps.runtime.topics import parse_pattern

log = structlog.get_logger("whispercms.events")


class Courier:
    """`run` is for a supervisor: a subscriber that fails is tried again, with the same event, and
    given up in the end. Of all processes of a node one at a time serves a subscriber, by `lock`."""

    def __init__(
        self, name: str, pattern: str, receive: Receive, outboxes: Sequence[Outbox], *, lock: Path
    ) -> None:
        """Raises TopicError."""
        self.name, self._pattern, self._receive = name, parse_pattern(pattern), receive
        self._outboxes, self._lock = outboxes, lock
        self._received = self._refused = 0
        self._dropped = dict.fromkeys((outbox.name for outbox in outboxes), 0)

    def counts(self) -> EventCounts:
        """`received` and `refused` are this process's, `dropped` is of all time."""
        return EventCounts(self._received, sum(self._dropped.values()), self._refused)

    def run(self, ended: Flag) -> None:
        """Until `ended` is set. Raises what the subscriber or a database raises."""
        with self._alone(ended):
            try:
                while not ended.is_set():
                    if not self.step(ended):
                        ended.wait(OUTBOX_SECONDS)
            finally:
                close()

    def step(self, ended: Flag) -> bool:
        """One batch of each outbox; whether there was anything."""
        return any([self._empty(outbox, ended) for outbox in self._outboxes])

    def _empty(self, outbox: Outbox, ended: Flag) -> bool:
        place, dropped = place_of(outbox.name, self.name)
        batch = outbox.after(place)
        if batch.dropped:
            log.warning("events dropped", subscriber=self.name, dropped=batch.dropped)
        self._dropped[outbox.name] = dropped = dropped + batch.dropped
        for number, event in batch.events:
            if ended.is_set():
                break
            if wanted := self._pattern.matches(event.topic):
                self._hand(event)
            if wanted or number == batch.events[-1][0]:
                acknowledge(outbox.name, self.name, Place(batch.outbox, number), dropped)
        return bool(batch.events)

    def _hand(self, event: Event) -> None:
        token = turn.set(Turn(self._refuse, event))
        try:
            self._received += 1
            self._receive(event)
        except EmissionRefused:
            pass  # told where it was published
        finally:
            turn.reset(token)

    def _refuse(self, refusal: EmissionRefused) -> None:
        self._refused += 1
        log.error("event refused", subscriber=self.name, reason=str(refusal))

    @contextmanager
    def _alone(self, ended: Flag) -> Iterator[None]:
        """The kernel frees the lock when a process ends, however it ends."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as file:
            while not ended.is_set():
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    ended.wait(OUTBOX_SECONDS)
            yield
