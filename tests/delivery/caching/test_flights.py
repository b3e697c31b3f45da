from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from time import monotonic, sleep

import pytest

from apps.delivery.caching.flights import Flights

MANY = 8
SECONDS = 60.0


def have_come(flights: Flights[int], how_many: int) -> bool:
    """Whether so many wait, within a time that is long enough on any machine."""
    until = monotonic() + SECONDS
    while flights.waiting("a") < how_many and monotonic() < until:
        sleep(0.001)
    return flights.waiting("a") == how_many


class Making:
    """Something that takes until it is let go, and counts how often it was begun."""

    def __init__(self, together: int = 1) -> None:
        self.begun = 0
        self.has_begun, self.may_end = Event(), Event()
        self._lock, self._all = Lock(), Barrier(together)

    def __call__(self) -> int:
        with self._lock:
            self.begun += 1
            mine = self.begun
        if mine > 1:
            self._all.wait(SECONDS)
        self.has_begun.set()
        assert self.may_end.wait(SECONDS)
        return mine


def flown(flights: Flights[int], making: Making, *, shares: bool) -> list[int]:
    with ThreadPoolExecutor(MANY) as threads:
        first = threads.submit(flights.fly, "a", making, lambda _: shares)
        assert making.has_begun.wait(SECONDS)
        others = [
            threads.submit(flights.fly, "a", making, lambda _: shares) for _ in range(MANY - 1)
        ]
        assert have_come(flights, MANY - 1)
        making.may_end.set()
        return [each.result(SECONDS) for each in (first, *others)]


def test_one_makes_it_for_all_who_come_meanwhile() -> None:
    making, flights = Making(), Flights[int]()
    with ThreadPoolExecutor(MANY) as threads:
        all_there = Barrier(MANY + 1)

        def come() -> int:
            all_there.wait(SECONDS)
            return flights.fly("a", making, lambda _: True)

        coming = [threads.submit(come) for _ in range(MANY)]
        all_there.wait(SECONDS)
        assert making.has_begun.wait(SECONDS)
        assert have_come(flights, MANY - 1)
        making.may_end.set()
        assert {each.result(SECONDS) for each in coming} == {1}
    assert making.begun == 1


def test_what_nobody_else_may_have_is_made_by_all_of_them_at_the_same_time() -> None:
    making = Making(together=MANY - 1)
    assert sorted(flown(Flights[int](), making, shares=False)) == list(range(1, MANY + 1))


def test_those_who_waited_for_one_that_failed_make_their_own() -> None:
    flights, may_fail, has_begun = Flights[int](), Event(), Event()

    def fails() -> int:
        has_begun.set()
        may_fail.wait(SECONDS)
        raise OSError("no")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(flights.fly, "a", fails, lambda _: True)
        assert has_begun.wait(SECONDS)
        second = threads.submit(flights.fly, "a", lambda: 7, lambda _: True)
        assert have_come(flights, 1)
        may_fail.set()
        assert second.result(SECONDS) == 7
        with pytest.raises(OSError):
            first.result(SECONDS)


def test_who_wants_something_else_does_not_wait() -> None:
    flights, making = Flights[int](), Making()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(flights.fly, "a", making, lambda _: True)
        assert making.has_begun.wait(SECONDS)
        assert flights.fly("b", lambda: 9, lambda _: True) == 9
        making.may_end.set()
        assert first.result(SECONDS) == 1


def test_nothing_of_a_flight_is_left_when_it_has_landed() -> None:
    flights = Flights[int]()
    assert flights.fly("a", lambda: 1, lambda _: True) == 1
    assert flights.fly("a", lambda: 2, lambda _: True) == 2
    with pytest.raises(ZeroDivisionError):
        flights.fly("a", lambda: 1 // 0, lambda _: True)
    assert flights.fly("a", lambda: 3, lambda _: True) == 3
