"""Puts the pull into the task queue when a webhook came, off the path of every request."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger("whispercms.webhook")

MERGE_SECONDS: Final = 3.0
"""Wakes that come within this time after one are one more."""


class Waker:
    """One thread; `wake` never waits and never fails. A wake that is lost at a crash costs the time
    until the next pull of the schedule."""

    def __init__(self, enqueue: Callable[[], None], *, seconds: float = MERGE_SECONDS) -> None:
        self._enqueue, self._seconds = enqueue, seconds
        self._wanted, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="waker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        self._wanted.set()

    def _run(self) -> None:
        while self._wanted.wait() and not self._ended.is_set():
            self._wanted.clear()
            try:
                self._enqueue()
            except Exception as error:
                log.warning("the pull could not be woken", reason=str(error))
            self._ended.wait(self._seconds)
