"""Pages that were made to be looked at, in memory and for a while: newest first, bounded by bytes.

They are made again from what is kept elsewhere, so nothing is lost with them.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from apps.console.writing.draft_bounds import PREVIEW_BYTES, PREVIEW_SECONDS, PREVIEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`source` is the document's path; files beside it may be asked for. `made_by` is whatever it
    was made with, as long as it may be shown again."""

    source: str
    status: int
    content_type: str
    content: bytes
    at: float
    made_by: object = None


class Room:
    """Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Shown] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0

    def put(self, key: str, shown: Shown) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = shown
            self._bytes += len(shown.content)
            while len(self._kept) > PREVIEWS or (
                self._bytes > PREVIEW_BYTES and len(self._kept) > 1
            ):
                self._drop(next(iter(self._kept)))

    def get(self, key: str, now: float) -> Shown | None:
        with self._lock:
            found = self._kept.get(key)
            if found and now - found.at > PREVIEW_SECONDS:
                self._drop(key)
                return None
            return found

    def forget(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        if gone := self._kept.pop(key, None):
            self._bytes -= len(gone.content)
