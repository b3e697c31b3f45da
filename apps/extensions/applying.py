"""Which version is active in a process: always one, whole. Another takes its place in one step, or
everything is as it was."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger("whispercms.extensions")

VERSIONS_KEPT: Final = 100

V = TypeVar("V")
V_contra = TypeVar("V_contra", contravariant=True)


class Listener(Protocol[V_contra]):
    """Has a say before a version becomes active. Called in order, by one thread at a time."""

    def prepare(self, new: V_contra, old: V_contra) -> None:
        """Gets ready for `new`. Raises what keeps it from becoming active."""

    def undo(self, new: V_contra, old: V_contra) -> None:
        """Takes back its own `prepare`, as `new` does not become active after all."""


class Moved(Exception):
    """Another version became active meanwhile; nothing has changed."""


class Active(Generic[V]):
    """Reading `current` costs a memory access. `name` is what a version is called in the history:
    a version that is applied again is one more step of it."""

    def __init__(
        self, first: V, name: Callable[[V], str], listeners: Sequence[Listener[V]] = ()
    ) -> None:
        self.current = first
        self._name, self._listeners = name, tuple(listeners)
        self._lock = threading.Lock()
        self._history = deque([name(first)], VERSIONS_KEPT)

    @property
    def history(self) -> tuple[str, ...]:
        """The newest last."""
        return tuple(self._history)

    def apply(self, new: V, *, expected: V) -> V:
        """The version before. Raises Moved unless `expected` is active still, and what a listener
        raises; then those before it have taken back what they did, the last one first."""
        with self._lock:
            old = self.current
            if old is not expected:
                raise Moved("another version became active meanwhile; look at it, and try again")
            self._prepare(new, old)
            self.current = new
            self._history.append(self._name(new))
        return old

    def renew(self, new: V, *, expected: V) -> None:
        """The same version, as it is seen at another moment: no step of the history. Raises
        Moved."""
        with self._lock:
            if self.current is not expected:
                raise Moved("another version became active meanwhile; look at it, and try again")
            self.current = new

    def _prepare(self, new: V, old: V) -> None:
        ready: list[Listener[V]] = []
        try:
            for listener in self._listeners:
                listener.prepare(new, old)
                ready.append(listener)
        except BaseException:
            for listener in reversed(ready):
                _undone(listener, new, old)
            raise


def _undone(listener: Listener[V], new: V, old: V) -> None:
    """One that fails does not keep the others from it."""
    try:
        listener.undo(new, old)
    except Exception as error:
        log.error("not undone", listener=type(listener).__name__, reason=str(error))
