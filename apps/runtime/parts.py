"""What a supervisor runs in this process: a function in a thread of its own, or a guard over
something that keeps its own threads or processes.
"""

from collections.abc import Callable, Sequence
from threading import Event, Thread, current_thread

from apps.runtime.limits import TEND_SECONDS

Run = Callable[[Event], None]
"""Returns soon after the event is set, and before it only by raising what is wrong."""


class PartEnded(RuntimeError):
    """It no longer runs, though nobody asked it to end."""


class ThreadPart:
    """A part of a supervisor."""

    def __init__(self, name: str, run: Run, requires: Sequence[str] = ()) -> None:
        self.name, self.requires, self._run = name, requires, run
        self._ended, self._reason = Event(), ""
        self._thread: Thread | None = None

    def start(self) -> None:
        if self._thread and self._thread.is_alive():
            raise PartEnded("it was asked to end and has not yet")
        self._ended, self._reason = Event(), "it ended by itself"
        self._thread = Thread(target=self._keep, args=(self._ended,), name=self.name, daemon=True)
        self._thread.start()

    def ending(self) -> str | None:
        return None if self._thread and self._thread.is_alive() else self._reason

    def ask(self) -> None:
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        if self._thread is None or self._thread is current_thread():
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _keep(self, ended: Event) -> None:
        try:
            self._run(ended)
        except BaseException as error:
            self._reason = str(error) or type(error).__name__


def guard(start: Callable[[], None], alive: Callable[[], bool], ended: Event) -> None:
    """Starts what has threads or processes of its own, and raises when it no longer lives. `start`
    leaves alone what lives."""
    start()
    while not ended.wait(TEND_SECONDS):
        if not alive():
            raise PartEnded("it died")
