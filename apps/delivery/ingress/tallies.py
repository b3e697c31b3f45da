"""How often each client asked, in sliding windows kept in memory: a bounded number of clients, and
what other nodes have counted where they tell of it.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import time

from apps.delivery.ingress.bounds import CLIENTS
from apps.delivery.sparing import next_out
from apps.runtime.rates import SlidingWindowCounterSupport, Storage

Clock = Callable[[], float]
Slot = tuple[str, int]
"""The key of a client, and of how many seconds its windows are."""


@dataclass(slots=True)
class Tally:
    """Two windows of one client: the one from `start` to `end`, and the one before it. `told` is
    the part of `current` that the others know; `asked`, whether the client came again since it
    could have had to give way."""

    window: int = -2
    start: float = 0.0
    end: float = 0.0
    current: int = 0
    before: int = 0
    told: int = 0
    asked: bool = False

    def move_to(self, now: float, seconds: int) -> None:
        window = int(now // seconds)
        self.before = self.current if window == self.window + 1 else 0
        self.window, self.current, self.told = window, 0, 0
        self.start, self.end = window * seconds, (window + 1) * seconds

    def spare(self) -> bool:
        """Whether the client came again since this was asked last."""
        came, self.asked = self.asked, False
        return came

    def weight(self, now: float, seconds: int) -> float:
        """The window before counts as far as it reaches into the last `seconds`."""
        return self.current + self.before * (self.end - now) / seconds


@dataclass(frozen=True, slots=True)
class Untold:
    key: str
    seconds: int
    window: int
    amount: int


class Tallies(Storage, SlidingWindowCounterSupport):
    """A client that has not asked for longest makes room for a new one, about."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, clock: Clock = time, clients: int = CLIENTS) -> None:
        super().__init__()
        self._clock, self._clients = clock, clients
        self._tallies: OrderedDict[Slot, Tally] = OrderedDict()
        self._untold: dict[Slot, None] = {}
        self._lock = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def admits(self, slot: Slot, limit: int, amount: int = 1) -> bool:
        """Counts that much more of a client, unless it comes to more than `limit`. Each request
        comes by: under a microsecond."""
        now = self._clock()
        with self._lock:
            tally = self._tallies.get(slot)
            if tally is None:
                tally = self._begin(slot)
            else:
                tally.asked = True
            if not tally.start <= now < tally.end:
                tally.move_to(now, slot[1])
            current = tally.current
            room = limit - amount - current
            if room < tally.before and tally.weight(now, slot[1]) + amount > limit:
                return False
            if current == tally.told:
                self._untold[slot] = None
            tally.current = current + amount
            return True

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        return self.admits((key, expiry), limit, amount)

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        now = self._clock()
        with self._lock:
            tally = self._tallies.get((key, expiry)) or self._begin((key, expiry))
            if not tally.start <= now < tally.end:
                tally.move_to(now, expiry)
            left = tally.end - now
            return tally.before, left, tally.current, left + expiry

    def take_untold(self, most: int) -> Sequence[Untold]:
        """What was counted here since it was asked for last; it counts as told."""
        found = []
        with self._lock:
            for key, expiry in [*self._untold][:most]:
                del self._untold[key, expiry]
                tally = self._tallies.get((key, expiry))
                if tally is not None and (amount := tally.current - tally.told):
                    found.append(Untold(key, expiry, tally.window, amount))
                    tally.told = tally.current
        return found

    def learn(self, told: Untold, total: int) -> None:
        """What all nodes have counted in that window, this one among them."""
        with self._lock:
            tally = self._tallies.get((told.key, told.seconds))
            if tally is not None and tally.window == told.window:
                amount = tally.current - tally.told
                tally.told = max(tally.told, total)
                tally.current = tally.told + amount

    def _begin(self, slot: Slot) -> Tally:
        if len(self._tallies) >= self._clients:
            dropped = next_out(self._tallies, lambda each: self._tallies[each].spare())
            del self._tallies[dropped]
            self._untold.pop(dropped, None)
        tally = self._tallies[slot] = Tally()
        return tally

    def __len__(self) -> int:
        return len(self._tallies)

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        with self._lock:
            self._tallies.pop((key, expiry), None)

    def clear(self, key: str) -> None:
        raise NotImplementedError("windows are cleared with their length")

    def reset(self) -> int | None:
        with self._lock:
            count = len(self._tallies)
            self._tallies.clear()
            self._untold.clear()
        return count

    def check(self) -> bool:
        return True

    def get(self, key: str) -> int:
        raise NotImplementedError("only sliding windows are kept")

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError("only sliding windows are kept")

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("only sliding windows are kept")
