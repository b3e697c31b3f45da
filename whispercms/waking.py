"""Puts the pull into the task queue when a webhook came, off the path of every request."""

import threading
from collections.abc import Callable
from typing import Final

MERGE_SECONDS: Final = 3.0
"""Wakes that come within this time after one are one more."""
POLL_SECONDS: Final = 0.5


class Waker:
    """`wake` never waits and never fails. A wake that is lost at a crash costs the time until the
    next pull of the schedule."""

    def __init__(self, enqueue: Callable[[], None], *, seconds: float = MERGE_SECONDS) -> None:
        self._enqueue, self._seconds = enqueue, seconds
        self._wanted = threading.Event()

    def wake(self) -> None:
        self._wanted.set()

    def run(self, ended: threading.Event) -> None:
        """Until `ended` is set. Raises what the queue raises; the wake is kept for the next run."""
        while not ended.is_set():
            if self._wanted.wait(POLL_SECONDS):
                self._wanted.clear()
                try:
                    self._enqueue()
                except BaseException:
                    self._wanted.set()
                    raise
                ended.wait(self._seconds)
