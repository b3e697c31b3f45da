import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import transaction

from apps.content import schema
from apps.runtime.emissions import EmissionRefused, Event, EventError
from apps.runtime.limits import KEPT_EVENT_SECONDS, KEPT_EVENTS
from apps.runtime.outbox.keeping import NoTransaction, keep, keep_by_default
from apps.runtime.outbox.models import KeptEvent
from apps.runtime.outbox.reading import Place
from apps.runtime.subscriptions import Turn, turn
from apps.runtime.topics import TopicError
from tests.runtime.outbox.boxes import Box


def test_an_event_is_kept_with_what_it_tells_of_or_not_at_all() -> None:
    before = KeptEvent.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep_by_default("a.lost", {})
        _ = 1 / 0
    assert KeptEvent.objects.count() == before
    with transaction.atomic():
        keep_by_default("a.kept", {"commit": "c0ffee"})
    newest = KeptEvent.objects.latest("id")
    assert (newest.topic, newest.payload) == ("a.kept", '{"commit": "c0ffee"}')


def test_outside_of_a_transaction_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(NoTransaction, match=r"a\.b"):
        keep_by_default("a.b", {})
    box = Box(tmp_path)
    found = sqlite3.connect(box.outbox.path, isolation_level=None)
    with closing(found) as connection, pytest.raises(NoTransaction):
        keep(connection, "a.b", {}, 0.0)
    assert box.numbers() == []


@pytest.mark.parametrize(
    ("topic", "payload", "error"), [("a..b", {}, TopicError), ("a", {"a": b"x"}, EventError)]
)
def test_what_is_no_event_is_not_kept(
    tmp_path: Path, topic: str, payload: dict[str, object], error: type[Exception]
) -> None:
    box = Box(tmp_path)
    found = schema.connect(box.outbox.path)
    with closing(found) as connection, pytest.raises(error), schema.writing(connection):
        keep(connection, topic, payload, 0.0)
    assert box.numbers() == []


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.keep(*["a"] * KEPT_EVENTS)
    assert box.numbers() == list(range(1, KEPT_EVENTS + 1))
    box.keep("a", "b")
    assert box.numbers() == list(range(3, KEPT_EVENTS + 3))


@pytest.mark.parametrize(("age", "left"), [(KEPT_EVENT_SECONDS, [1, 2, 3]), (1e9, [3])])
def test_the_oldest_go_when_they_are_too_old_and_the_newest_stays(
    tmp_path: Path, age: float, left: list[int]
) -> None:
    box = Box(tmp_path)
    box.keep("a", "b", at=0.0)
    box.keep("c", at=age)
    assert box.numbers() == left
    box.keep("d", at=1e12)
    assert box.numbers() == [4]


def test_what_a_subscriber_causes_bears_its_chain_and_never_ends_in_itself(tmp_path: Path) -> None:
    box = Box(tmp_path)
    token = turn.set(Turn(lambda refusal: None, Event("b", {}, ("a",))))
    try:
        box.keep("c")
        with pytest.raises(EmissionRefused, match="a → b → a: a cycle"):
            box.keep("a")
    finally:
        turn.reset(token)
    ((_, event),) = box.outbox.after(Place()).events
    assert event.path == ("a", "b", "c")
