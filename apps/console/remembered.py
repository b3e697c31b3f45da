"""What came of long work, for whoever asked for it: in memory, so much of all people together, and
for so long after the last of it."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Thread-safe."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._kept: OrderedDict[str, tuple[str, T]] = OrderedDict()
        self._lock = threading.Lock()
        self._end: threading.Timer | None = None

    def put(self, name: str, owner: str, what: T) -> None:
        with self._lock:
            self._kept[name] = owner, what
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            if self._end:
                self._end.cancel()
            self._end = threading.Timer(self._seconds, self._kept.clear)
            self._end.daemon = True
            self._end.start()

    def find(self, owner: str, name: str) -> T | None:
        """Only for its owner."""
        found = self._kept.get(name)
        return found[1] if found and found[0] == owner else None
