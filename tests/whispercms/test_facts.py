"""Facts reach this node's log and its bus, once, whoever they came about by."""

from threading import Event as Flag

from django.db import transaction
from structlog.testing import capture_logs

from apps.runtime.emissions import Event
from apps.runtime.events import EventBus
from apps.runtime.outbox import cursors
from apps.runtime.outbox.keeping import keep_by_default
from whispercms.facts import OWN, Couriers, couriers, hand_on

PATIENCE = 20.0


def drained(made: Couriers) -> None:
    for courier in (made.log, made.bus):
        while courier.step(Flag()):
            pass
    cursors.close()


def test_a_fact_is_a_line_of_the_log_and_an_event() -> None:
    bus, seen, arrived = EventBus(), list[Event](), Flag()

    def receive(event: Event) -> None:
        seen.append(event)
        arrived.set()

    bus.subscribe("extension.*", receive, name="all")
    made = couriers(bus)
    drained(made)
    with transaction.atomic():
        keep_by_default("extension.quarantined", {"extension": "plugin:x"})
    bus.start()
    with capture_logs() as log:
        drained(made)
        drained(couriers(bus))
    assert [line["fact"] for line in log if line["event"] == "fact"] == [{"extension": "plugin:x"}]
    assert arrived.wait(PATIENCE)
    bus.stop(PATIENCE)
    assert seen[-1] == Event("extension.quarantined", {"extension": "plugin:x"})
    assert set(made.counts()) == {"fact-log", "fact-bus"}


def test_what_each_process_tells_itself_is_not_told_twice() -> None:
    bus = EventBus()
    seen = list[Event]()
    bus.subscribe("**", seen.append, name="all")
    bus.start()
    for topic in (OWN, "release.promoted"):
        hand_on(bus, Event(topic, {}))
    bus.stop(PATIENCE)
    assert [event.topic for event in seen] == ["release.promoted"]
