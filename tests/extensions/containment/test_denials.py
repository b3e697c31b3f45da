"""Denied calls are put together by minute, and never take more room than there is."""

import pytest

from apps.extensions import limits
from apps.extensions.containment.denials import MORE, Denial, Denials


def denial(
    call: str = "propose.header", at: float = 600.0, times: int = 1, key: str = "plugin:probe"
) -> Denial:
    return Denial(key, call, "propose:header", at, "id", times)


def test_equal_calls_of_a_minute_are_one_entry_with_their_number() -> None:
    denials = Denials()
    for at in (600.0, 630.0, 659.9, 660.0):
        denials.add(denial(at=at))
    taken, dropped = denials.take(720.0)
    assert [(d.at, d.times) for d in taken] == [(600.0, 3), (660.0, 1)] and dropped == 0


def test_a_minute_is_told_when_it_is_over() -> None:
    denials = Denials()
    denials.add(denial(at=600.0))
    assert denials.take(659.9) == ([], 0)
    assert len(denials.take(660.0)[0]) == 1
    assert denials.take(660.0) == ([], 0)


def test_calls_that_find_no_room_are_counted() -> None:
    denials = Denials()
    for number in range(limits.DENIALS + 5):
        denials.add(denial(key=f"plugin:p{number}"))
    taken, dropped = denials.take(1e9)
    assert (len(taken), dropped) == (limits.DENIALS, 5)


@pytest.mark.parametrize("more", [0, 1, 50])
def test_one_extension_fills_no_more_than_its_part_of_a_minute(more: int) -> None:
    denials = Denials()
    for number in range(limits.DENIALS_EACH + more):
        denials.add(denial(f"header-{number}"))
    taken, dropped = denials.take(1e9)
    assert sum(each.times for each in taken) == limits.DENIALS_EACH + more and dropped == 0
    together = [each for each in taken if each.call == MORE]
    assert len(taken) - len(together) == limits.DENIALS_EACH
    assert [each.times for each in together] == ([more] if more else [])


def test_what_could_not_be_written_waits_again_and_loses_no_count() -> None:
    denials = Denials()
    denials.add(denial())
    taken, _ = denials.take(1e9)
    for number in range(limits.DENIALS):
        denials.add(denial(key=f"plugin:p{number}"))
    denials.put_back(taken, 2)
    again, dropped = denials.take(1e9)
    assert len(again) == limits.DENIALS and dropped == 3


def test_what_a_worker_calls_itself_is_made_plain() -> None:
    denials = Denials()
    denials.add(denial("a\x1b[2J\nb" + "x" * 9000))
    (taken,), _ = denials.take(1e9)
    assert taken.call.isprintable() and len(taken.call) < 9000
