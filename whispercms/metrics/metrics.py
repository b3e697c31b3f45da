"""`/metrics`: what a scraper is told by whichever process it comes to."""

from collections.abc import Callable, Iterable
from threading import Event, Lock
from time import time
from typing import Final

from apps.delivery.replies import SECURITY, Reply
from whispercms.metrics.adding import Rising, added
from whispercms.metrics.exposition import CONTENT_TYPE, exposed
from whispercms.metrics.families import Sample
from whispercms.metrics.sharing import Shared

TELL_SECONDS: Final = 1.0
"""How often a process that shares its port writes down what it has counted."""

Read = Callable[[], Iterable[Sample]]


class Metrics:
    """`own` reads this process, `workers` what comes and goes in it, `node` the node; `shared` is
    there where several processes answer."""

    def __init__(
        self,
        own: Read,
        workers: Read,
        node: Callable[[float], Iterable[Sample]],
        *,
        for_all: bool = False,
        shared: Shared | None = None,
    ) -> None:
        self._own, self._workers, self._node = own, workers, node
        self._shared, self._for_all = shared, for_all
        self._rising, self._lock = Rising(), Lock()

    def is_for(self, *, local: bool) -> bool:
        """Whether whoever asks may know; anybody else is not told that there is something."""
        return local or self._for_all

    def reply(self) -> Reply:
        body = exposed([*self._counted(), *self._node(time())])
        headers = (
            ("content-type", CONTENT_TYPE),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
            *SECURITY,
        )
        return Reply(200, headers, body)

    def run(self, ended: Event) -> None:
        """Writes down what the others may be asked for."""
        while not ended.wait(TELL_SECONDS):
            self._counted()

    def stop(self) -> None:
        """The last of it."""
        self._counted()

    def _counted(self) -> list[Sample]:
        """Of all processes. What was told once must not become less, so it is written before."""
        with self._lock:
            samples = [*self._own(), *self._rising.raised(self._workers())]
            if self._shared is None:
                return samples
            self._shared.tell(samples)
            return added(self._shared.own(samples), self._shared.others())
