"""A product of another version makes the index anew, and owes what the old one has not told yet."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps.content import schema
from apps.runtime.limits import KEPT_EVENTS
from apps.runtime.outbox import cursors
from apps.runtime.outbox.reading import Place
from tests.runtime.outbox.boxes import Box, Reader, courier, drain


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    yield Box(tmp_path)
    cursors.close()


def outdated(box: Box, *statements: str) -> None:
    """As a version with other tables has left it."""
    with closing(sqlite3.connect(box.outbox.path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")


def test_what_nobody_has_taken_yet_is_told_after_an_upgrade_and_nothing_twice(box: Box) -> None:
    reader = Reader("c")
    box.keep("a", "b", "c", "d")
    with pytest.raises(OSError, match="disk full"):
        drain(courier(reader, box))
    outdated(box, "ALTER TABLE document ADD COLUMN other TEXT")
    schema.connect(box.outbox.path).close()
    assert schema.is_current(box.outbox.path)
    box.keep("e")
    drain(courier(reader, box))
    assert (reader.seen, box.numbers()) == (["a", "b", "c", "d", "e"], [1, 2, 3, 4, 5])


def test_what_was_dropped_before_it_is_counted_all_the_same(box: Box) -> None:
    reader = Reader()
    box.keep("first")
    drain(courier(reader, box))
    box.keep(*["a"] * (KEPT_EVENTS + 2))
    outdated(box)
    schema.connect(box.outbox.path).close()
    made = courier(reader, box)
    drain(made)
    assert (len(reader.seen), made.counts().dropped) == (1 + KEPT_EVENTS, 2)


@pytest.mark.parametrize("spoiled", ["DROP TABLE event", "ALTER TABLE event DROP COLUMN chain"])
def test_an_outbox_of_another_shape_is_begun_anew(box: Box, spoiled: str) -> None:
    box.keep("a")
    outdated(box, spoiled)
    schema.connect(box.outbox.path).close()
    assert box.numbers() == []
    box.keep("b")
    assert [event.topic for _, event in box.outbox.after(Place()).events] == ["b"]
