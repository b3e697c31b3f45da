from threading import Event

import pytest

from apps.runtime.parts import PartEnded, ThreadPart, guard

PATIENCE = 20.0


def waits(ended: Event) -> None:
    assert ended.wait(PATIENCE)


def test_it_runs_in_a_thread_until_it_is_asked() -> None:
    part = ThreadPart("a", waits)
    part.start()
    assert part.ending() is None
    part.ask()
    assert part.wait(PATIENCE)


def test_it_can_be_started_again_when_it_has_ended() -> None:
    part = ThreadPart("a", waits)
    for _ in range(2):
        part.start()
        assert part.ending() is None
        part.ask()
        assert part.wait(PATIENCE)


@pytest.mark.parametrize(
    ("error", "reason"), [(ValueError("no luck"), "no luck"), (SystemExit(), "SystemExit")]
)
def test_what_it_raises_is_why_it_ended(error: BaseException, reason: str) -> None:
    def fails(ended: Event) -> None:
        raise error

    part = ThreadPart("a", fails)
    part.start()
    assert part.wait(PATIENCE)
    assert part.ending() == reason


def test_one_that_returns_unasked_has_ended_by_itself() -> None:
    part = ThreadPart("a", lambda ended: None)
    part.start()
    assert part.wait(PATIENCE)
    assert part.ending() == "it ended by itself"


def test_two_of_one_never_run_at_once() -> None:
    gate = Event()
    part = ThreadPart("a", lambda ended: waits(gate))
    part.start()
    part.ask()
    assert not part.wait(0)
    with pytest.raises(PartEnded, match="has not yet"):
        part.start()
    gate.set()
    assert part.wait(PATIENCE)
    part.start()


def test_a_part_that_was_never_started_has_ended() -> None:
    assert ThreadPart("a", waits).wait(0)


def test_a_guard_starts_what_it_watches_and_raises_when_that_dies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.runtime.parts.TEND_SECONDS", 0.0)
    lives = [True, True, False]
    started: list[int] = []
    with pytest.raises(PartEnded):
        guard(lambda: started.append(1), lambda: lives.pop(0), Event())
    assert (started, lives) == ([1], [])


def test_a_guard_returns_when_it_is_asked() -> None:
    ended = Event()
    ended.set()
    guard(lambda: None, lambda: False, ended)
