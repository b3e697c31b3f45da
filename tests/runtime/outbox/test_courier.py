from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from apps.runtime.emissions import EmissionRefused, Event
from apps.runtime.limits import OUTBOX_BATCH
from apps.runtime.outbox import cursors
from apps.runtime.outbox.courier import Courier
from apps.runtime.parts import ThreadPart
from apps.runtime.subscriptions import EventCounts, turn
from tests.runtime.outbox.boxes import Box, Reader, courier, drain, named

PATIENCE = 20.0


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    yield Box(tmp_path)
    cursors.close()


def test_all_is_handed_over_once_in_order_and_a_new_process_goes_on(box: Box) -> None:
    reader = Reader()
    first = named("a", range(OUTBOX_BATCH + 5))
    box.keep(*first)
    drain(courier(reader, box))
    box.keep("b")
    later = courier(reader, box)
    drain(later)
    drain(later)
    assert reader.seen == [*first, "b"]
    assert later.counts() == EventCounts(1, 0, 0)


def test_what_fails_is_handed_over_again_before_what_follows(box: Box) -> None:
    reader = Reader("b")
    box.keep("a", "b", "c")
    with pytest.raises(OSError, match="disk full"):
        drain(courier(reader, box))
    assert reader.seen == ["a"]
    drain(courier(reader, box))
    assert reader.seen == ["a", "b", "c"]


def test_one_that_fails_keeps_nothing_from_another(box: Box) -> None:
    bad, good = Reader(*["a"] * 3), Reader()
    box.keep("a")
    for _ in range(3):
        with pytest.raises(OSError, match="disk full"):
            drain(courier(bad, box, name="bad"))
    drain(courier(good, box, name="good"))
    assert (bad.seen, good.seen) == ([], ["a"])


def test_what_nobody_asked_for_is_passed_over_for_good(box: Box, tmp_path: Path) -> None:
    reader = Reader()
    box.keep("site.synced", "other.thing")
    drain(courier(reader, box, pattern="site.*"))
    drain(courier(reader, box, pattern="**"))
    assert reader.seen == ["site.synced"]


def test_several_outboxes_have_places_of_their_own(tmp_path: Path) -> None:
    boxes = []
    for name in "ab":
        (tmp_path / name).mkdir()
        boxes.append(Box(tmp_path / name))
        boxes[-1].keep(name)
    reader = Reader()
    drain(courier(reader, *boxes))
    boxes[1].anew()
    boxes[1].keep("b2")
    drain(courier(reader, *boxes))
    assert reader.seen == ["a", "b", "b2"]


def test_what_went_before_it_came_is_counted_exactly_and_remembered(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.runtime.outbox.keeping.KEPT_EVENTS", 20)
    reader = Reader()
    box.keep("first")
    drain(courier(reader, box))
    with capture_logs() as log:
        for _ in range(2):
            box.keep(*["a"] * (20 + 7))
            late = courier(reader, box)
            drain(late)
    assert late.counts().dropped == 14
    assert len(reader.seen) == 1 + 2 * 20
    dropped = [e["dropped"] for e in log if e["event"] == "events dropped"]
    assert dropped == [7, 7]
    again = courier(reader, box)
    drain(again)
    assert again.counts().dropped == 14


def test_what_it_is_handed_is_the_cause_of_what_it_keeps(box: Box) -> None:
    def keeps(event: Event) -> None:
        box.keep("b" if event.topic == "a" else "a")

    made = Courier("ring", "**", keeps, [box.outbox], lock=box.outbox.path.with_suffix(".lock"))
    box.keep("a")
    with capture_logs() as log:
        drain(made)
    assert box.numbers() == [1, 2]
    assert turn.get() is None
    assert made.counts() == EventCounts(2, 0, 1)
    (refusal,) = log
    assert refusal["reason"] == "a → b → a: a cycle"


def test_a_refusal_ends_its_turn_alone_and_is_counted(box: Box) -> None:
    def publishes(event: Event) -> None:
        cause = turn.get()
        assert cause is not None
        refusal = EmissionRefused("a cycle", ("a", "a"))
        cause.refuse(refusal)
        raise refusal

    made = Courier("ring", "**", publishes, [box.outbox], lock=box.outbox.path.with_suffix(".l"))
    box.keep("a", "b")
    with capture_logs() as log:
        drain(made)
    assert made.counts() == EventCounts(2, 0, 2)
    assert {entry["reason"] for entry in log} == {"a → a: a cycle"}


def test_one_at_a_time_serves_a_subscriber_and_the_next_goes_on(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.runtime.outbox.courier.OUTBOX_SECONDS", 0.005)
    arrived = {"first": Flag(), "second": Flag()}
    parts = []
    for name, flag in arrived.items():
        lock = box.outbox.path.with_suffix(".lock")
        made = Courier("one", "**", lambda event, f=flag: f.set(), [box.outbox], lock=lock)  # type: ignore[misc]
        parts.append(ThreadPart(name, made.run))
        parts[-1].start()
        if name == "first":
            box.keep("a")
            assert flag.wait(PATIENCE)
    arrived["first"].clear()
    box.keep("b")
    assert arrived["first"].wait(PATIENCE)
    assert not arrived["second"].is_set()
    parts[0].ask()
    assert parts[0].wait(PATIENCE)
    box.keep("c")
    assert arrived["second"].wait(PATIENCE)
    parts[1].ask()
    assert parts[1].wait(PATIENCE)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=6))
def test_whatever_fails_nothing_is_lost_and_the_order_is_kept(
    rounds: list[tuple[int, int]],
) -> None:
    """Each round keeps some events, then delivers with some failures on the way."""
    with TemporaryDirectory() as folder:
        box, seen, kept = Box(Path(folder)), list[str](), list[str]()
        for number, (events, failures) in enumerate(rounds):
            fresh = named(f"r{number}e", range(events))
            box.keep(*fresh)
            kept += fresh
            for _ in range(failures):
                reader = Reader(*fresh[:1])
                with pytest.raises(OSError, match="disk full") if fresh else capture_logs():
                    drain(courier(reader, box))
                seen += reader.seen
            if failures < 3:
                reader = Reader()
                drain(courier(reader, box))
                seen += reader.seen
        last = Reader()
        drain(courier(last, box))
        assert seen + last.seen == kept
