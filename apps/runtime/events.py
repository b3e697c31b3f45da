"""The event bus: publication by topic between the parts of one process. It is for observation:
what must not be lost is a row of the transaction that it tells of."""

from collections.abc import Mapping
from threading import Lock
from time import monotonic
from types import MappingProxyType
from typing import Any

import structlog

from apps.runtime.emissions import Event
from apps.runtime.limits import QUEUED_EVENTS, SUBSCRIBERS
from apps.runtime.subscriptions import EventCounts, Receive, Subscription, caused
from apps.runtime.topics import parse_pattern

log = structlog.get_logger("whispercms.events")

NOTHING: Mapping[str, Any] = MappingProxyType({})


class SubscriptionError(RuntimeError):
    """Too late, one too many, or a name that is taken."""


class EventBus:
    """Subscribe, then `start`, which seals the list of subscribers; publish from any thread."""

    def __init__(self) -> None:
        self._lock, self._order = Lock(), Lock()
        self._sealed = False
        self._subscriptions: tuple[Subscription, ...] = ()

    def subscribe(
        self, pattern: str, receive: Receive, *, name: str, capacity: int = QUEUED_EVENTS
    ) -> Subscription:
        """`receive` runs in a thread of its own, one event after the other. Events published
        before `start` wait in the queue. Raises SubscriptionError or TopicError."""
        made = Subscription(
            parse_pattern(pattern), receive, name=name, capacity=capacity, forget=self._forget
        )
        with self._lock:
            self._check(name)
            self._subscriptions = (*self._subscriptions, made)
        return made

    def start(self) -> None:
        with self._lock:
            if self._sealed:
                return
            self._sealed = True
        self.revive()

    def revive(self) -> None:
        """Starts again the subscribers whose threads have died."""
        for subscription in self._subscriptions:
            subscription.start()

    def alive(self) -> bool:
        """Whether all subscribers' threads live."""
        return all(subscription.alive() for subscription in self._subscriptions)

    def publish(self, topic: str, payload: Mapping[str, Any] = NOTHING) -> None:
        """Never waits for a subscriber, nor fails because of one. All subscribers receive in one
        order, in which what follows from an event comes after it.

        Raises TopicError or EventError for what is no event, and EmissionRefused to a subscriber
        whose event would not end.
        """
        self.pass_on(caused(topic, payload))

    def pass_on(self, event: Event) -> None:
        """An event of an outbox, with the chain that it has: that it is handed over is no cause."""
        with self._order:
            for subscription in self._subscriptions:
                if subscription.pattern.matches(event.topic):
                    subscription.offer(event)

    def counts(self) -> Mapping[str, EventCounts]:
        """By name of the subscriber."""
        return {s.name: s.counts() for s in sorted(self._subscriptions, key=lambda s: s.name)}

    def waiting(self) -> Mapping[str, int]:
        """Events in the queue, by name of the subscriber."""
        return {s.name: s.waiting() for s in sorted(self._subscriptions, key=lambda s: s.name)}

    def stop(self, seconds: float) -> None:
        """Takes nothing more, hands over what is queued, and gives up after `seconds`; the rest
        counts as dropped."""
        deadline = monotonic() + seconds
        with self._lock:
            self._sealed = True
        for subscription in self._subscriptions:
            subscription.finish()
        for subscription in self._subscriptions:
            if not subscription.wait(max(0.0, deadline - monotonic())):
                log.warning("subscriber not done in time", subscriber=subscription.name)
            subscription.abandon()

    def _check(self, name: str) -> None:
        if self._sealed:
            raise SubscriptionError(f"{name} comes too late: subscribe before the bus is started")
        if len(self._subscriptions) >= SUBSCRIBERS:
            raise SubscriptionError(f"{name} is one too many: {SUBSCRIBERS} may subscribe")
        if any(each.name == name for each in self._subscriptions):
            raise SubscriptionError(f"there is a subscriber called {name!r} already")

    def _forget(self, subscription: Subscription) -> None:
        with self._lock:
            self._subscriptions = tuple(s for s in self._subscriptions if s is not subscription)
