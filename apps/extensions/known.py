"""What a plugin has answered: it is asked once for each event that it is sent.

A plugin sees nothing but its event, and its random numbers are drawn from that, so that nothing
else can come of the same event. Only answers without any fault are kept, and in memory alone.
"""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from apps.extensions.limits import KNOWN_ANSWER_BYTES, KNOWN_BYTES, KNOWN_OVERHEAD

T = TypeVar("T")


class Known(Generic[T]):
    """Of one plugin as it is: its code, settings and grants. Thread-safe; bounded by bytes, and
    what was not asked for longest goes first."""

    __slots__ = ("_answers", "_left", "_lock")

    def __init__(self) -> None:
        self._answers: OrderedDict[bytes, tuple[T, int]] = OrderedDict()
        self._left = KNOWN_BYTES
        self._lock = Lock()

    def get(self, event: bytes) -> T | None:
        """By the event's digest."""
        found = self._answers.get(event)
        if found is None:
            return None
        with suppress(KeyError):  # It had to go meanwhile, and is right all the same.
            self._answers.move_to_end(event)
        return found[0]

    def keep(self, event: bytes, answer: T, size: int) -> None:
        """`size` is that of the answer as it was sent."""
        if size > KNOWN_ANSWER_BYTES:
            return
        cost = size + KNOWN_OVERHEAD
        with self._lock:
            if event in self._answers:
                return
            self._answers[event] = answer, cost
            self._left -= cost
            while self._left < 0:
                _, (_, freed) = self._answers.popitem(last=False)
                self._left += freed

    def forget(self) -> None:
        """Whoever answered cannot be trusted any more."""
        with self._lock:
            self._answers.clear()
            self._left = KNOWN_BYTES

    def __len__(self) -> int:
        return len(self._answers)
