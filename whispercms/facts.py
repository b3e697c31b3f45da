"""Who is handed what must not be lost: this node's log, and the event bus."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from apps.runtime.emissions import Event
from apps.runtime.events import EventBus
from apps.runtime.outbox.courier import Courier
from apps.runtime.outbox.reading import Outbox
from apps.runtime.subscriptions import EventCounts, Receive

log = structlog.get_logger("whispercms.facts")

OWN: Final = "site.synced"
"""Each process publishes it itself, when it serves the commit."""


@dataclass(frozen=True, slots=True)
class Couriers:
    log: Courier
    bus: Courier

    def counts(self) -> dict[str, EventCounts]:
        """By what `/readyz` and the supervisor call them."""
        return {"fact-log": self.log.counts(), "fact-bus": self.bus.counts()}


def couriers(bus: EventBus) -> Couriers:
    made = partial(_courier, (_default(), _index()))
    return Couriers(made("log", write), made("bus", partial(hand_on, bus)))


def write(event: Event) -> None:
    """One line for each fact, whichever process it came about in."""
    log.info("fact", topic=event.topic, fact=dict(event.payload))


def hand_on(bus: EventBus, event: Event) -> None:
    if event.topic != OWN:
        bus.pass_on(event)


def _courier(outboxes: tuple[Outbox, ...], name: str, receive: Receive) -> Courier:
    lock = Path(settings.STATE) / "outbox" / f"{name}.lock"
    return Courier(name, "**", receive, outboxes, lock=lock)


def _default() -> Outbox:
    return Outbox("default", Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]))


def _index() -> Outbox:
    return Outbox(
        f"{settings.SITE_KEY}/{settings.SITE_FILES.index.stem}", settings.SITE_FILES.index
    )
