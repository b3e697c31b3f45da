"""Many who want the same at once: one makes it, the others wait for that one, once."""

import threading
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

WAIT_SECONDS: Final = 5.0
"""Longer than anything takes whose deadlines hold; then everyone makes their own."""

T = TypeVar("T")


class _Flight(Generic[T]):
    __slots__ = ("landed", "result", "waiting")

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.result: T | None = None
        self.waiting = 0


class Flights(Generic[T]):
    """`fly` returns what the one who makes it got, if others may have it. Where they may not, or
    it failed, those who waited make their own, all at the same time."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Flight[T]] = {}
        self._lock = threading.Lock()

    def fly(self, key: Hashable, make: Callable[[], T], shares: Callable[[T], bool]) -> T:
        """Raises what `make` raises."""
        with self._lock:
            flight = self._under_way.get(key)
            leads = flight is None
            if flight is None:
                flight = self._under_way[key] = _Flight()
            else:
                flight.waiting += 1
        if leads:
            return self._lead(key, flight, make, shares)
        flight.landed.wait(WAIT_SECONDS)
        return make() if flight.result is None else flight.result

    @property
    def is_any_under_way(self) -> bool:
        return bool(self._under_way)

    def waiting(self, key: Hashable) -> int:
        """How many wait for another's."""
        with self._lock:
            flight = self._under_way.get(key)
            return flight.waiting if flight else 0

    def _lead(
        self,
        key: Hashable,
        flight: _Flight[T],
        make: Callable[[], T],
        shares: Callable[[T], bool],
    ) -> T:
        try:
            made = make()
            if shares(made):
                flight.result = made
            return made
        finally:
            with self._lock:
                del self._under_way[key]
            flight.landed.set()
