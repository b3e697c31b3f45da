from pathlib import Path

from apps.runtime.emissions import Event
from apps.runtime.limits import KEPT_EVENTS
from apps.runtime.outbox.reading import Batch, Outbox, Place
from tests.runtime.outbox.boxes import Box


def test_what_follows_on_a_place_comes_in_order_and_in_parts(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.keep("a", "b", "c")
    first = box.outbox.after(Place(), limit=2)
    assert first.events == ((1, Event("a", {"n": 0})), (2, Event("b", {"n": 1})))
    second = box.outbox.after(Place(first.outbox, 2))
    assert [number for number, _ in second.events] == [3]
    assert box.outbox.after(Place(first.outbox, 3)) == Batch(first.outbox)


def test_a_gap_is_counted_exactly_and_only_for_whom_it_was_kept(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.keep("first")
    place = Place(box.outbox.after(Place()).outbox, 1)
    box.keep(*["a"] * KEPT_EVENTS, "b", "c")
    assert box.outbox.after(place).dropped == 2
    assert box.outbox.after(Place(place.outbox, 3)).dropped == 0
    assert box.outbox.after(Place()).dropped == 0


def test_of_an_outbox_that_was_made_anew_all_comes(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.keep("a", "b", "c")
    before = Place(box.outbox.after(Place()).outbox, 3)
    box.anew()
    assert box.outbox.after(before) == Batch(before.outbox)
    box.keep("d")
    batch = box.outbox.after(before)
    assert batch.outbox != before.outbox
    assert ([event.topic for _, event in batch.events], batch.dropped) == (["d"], 0)


def test_where_there_is_no_file_there_is_nothing(tmp_path: Path) -> None:
    missing = Outbox("missing", tmp_path / "none.sqlite3")
    assert missing.after(Place("x", 7)) == Batch("x")
    assert not missing.path.exists()
