"""One subscriber of the event bus: its bounded queue, and the thread that empties it."""

from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Condition, Thread, current_thread
from typing import Any

import structlog

from apps.runtime.emissions import EmissionRefused, Event, check_path, freeze
from apps.runtime.limits import CLOSE_SECONDS, EXPLANATIONS
from apps.runtime.topics import Pattern, check_topic

log = structlog.get_logger("whispercms.events")

Receive = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Events that a subscriber began with, that were lost to it, and that it might not publish."""

    received: int
    dropped: int
    refused: int


class Subscription:
    """Made by `EventBus.subscribe`."""

    def __init__(
        self,
        pattern: Pattern,
        receive: Receive,
        *,
        name: str,
        capacity: int,
        forget: Callable[["Subscription"], None],
    ) -> None:
        self.name, self.pattern = name, pattern
        self._receive, self._capacity, self._forget = receive, capacity, forget
        self._queue: deque[Event] = deque()
        self._changed = Condition()
        self._ending = self._busy = False
        self._received = self._dropped = self._refused = self._flood = 0
        self._explained: set[str] = set()
        self._thread = Thread()

    def start(self) -> None:
        """Or starts again, if its thread has died; what is queued waits for that."""
        with self._changed:
            if self.alive() or self._ending:
                return
            self._thread = Thread(target=self._run, name=f"events-{self.name}", daemon=True)
            self._thread.start()

    def alive(self) -> bool:
        return self._thread.is_alive()

    def offer(self, event: Event) -> None:
        """Queues the event or counts it as dropped; never waits for the subscriber."""
        with self._changed:
            if not self._ending and len(self._queue) < self._capacity:
                self._queue.append(event)
                self._changed.notify_all()
                return
            self._dropped += 1
            self._flood += not self._ending
            first = self._flood == 1 and not self._ending
        if first:
            log.warning("events dropped", subscriber=self.name, topic=event.topic)

    def refuse(self, refusal: EmissionRefused) -> None:
        """Counts it, and tells it the first time."""
        text = str(refusal)
        with self._changed:
            self._refused += 1
            new = text not in self._explained and len(self._explained) < EXPLANATIONS
            self._explained |= {text} if new else set()
        if new:
            log.error("event refused", subscriber=self.name, reason=text)

    def counts(self) -> EventCounts:
        with self._changed:
            return EventCounts(self._received, self._dropped, self._refused)

    def waiting(self) -> int:
        """Events that it has not begun with."""
        return len(self._queue)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Nothing is begun after it has returned. What is queued is dropped; a turn under way is
        waited for, so long at most, unless it is the one that closes."""
        self._forget(self)
        with self._changed:
            self.abandon()
            if current_thread() is not self._thread:
                self._changed.wait_for(lambda: not self._busy, seconds)

    def abandon(self) -> None:
        """Takes nothing more, and drops what is queued."""
        with self._changed:
            self._ending = True
            self._dropped += len(self._queue)
            self._queue.clear()
            self._changed.notify_all()

    def finish(self) -> None:
        """Takes nothing more; what is queued is still handed over."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Whether its thread is at its end in that time; not if it is that thread which asks."""
        if self.alive() and current_thread() is not self._thread:
            self._thread.join(seconds)
        return not self.alive()

    def _run(self) -> None:
        while (event := self._next()) is not None:
            self._take(event)
            self._calm()

    def _next(self) -> Event | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._queue or self._ending)
            if not self._queue:
                return None
            self._busy = True
            self._received += 1
            return self._queue.popleft()

    def _take(self, event: Event) -> None:
        token = turn.set(Turn(self.refuse, event))
        try:
            self._receive(event)
        except EmissionRefused:
            pass  # told where it was published
        except BaseException as error:  # one that ends its thread would end all that comes after
            reason = str(error) or type(error).__name__
            log.error("subscriber failed", subscriber=self.name, topic=event.topic, reason=reason)
        finally:
            turn.reset(token)

    def _calm(self) -> None:
        """A flood is over when the queue is empty, so that a steady one is told only once."""
        with self._changed:
            if self._queue or not self._flood:
                return
            dropped, self._flood = self._flood, 0
        log.warning("events are kept again", subscriber=self.name, dropped=dropped)


@dataclass(frozen=True, slots=True)
class Turn:
    """A subscriber handling an event: what is published meanwhile follows from it."""

    refuse: Callable[[EmissionRefused], None]
    event: Event


turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def caused(topic: str, payload: Mapping[str, Any]) -> Event:
    """The event, as it follows from the turn under way. Raises TopicError, EventError, and
    EmissionRefused, of which the subscriber is told."""
    cause = turn.get()
    event = Event(check_topic(topic), freeze(payload), cause.event.path if cause else ())
    try:
        check_path(event)
    except EmissionRefused as refusal:
        if cause:
            cause.refuse(refusal)
        raise
    return event
