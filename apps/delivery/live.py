"""The site as this process serves it now: one frozen value, swapped when the index moves on."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import time

import structlog

from apps.content.files import ContentFiles
from apps.content.generation import Generation
from apps.delivery.observation import CommitMoved
from apps.delivery.replies import Reply
from apps.delivery.served import Served
from apps.delivery.traces import Trace
from apps.extensions.applying import Active, Listener
from apps.extensions.registry import Registry

log = structlog.get_logger("whispercms.delivery")

Load = Callable[[Registry | None], Served]
"""Builds what the index's pointer names; given the registry in use, whose workers it may keep."""


Show = Callable[[Reply, Trace], Reply]
"""Puts what went wrong on the page, for its author."""


class LiveSite:
    """`current` costs a memory access while nothing changes. `show` is for development alone.
    `listeners` have a say before a version takes the place of another."""

    def __init__(
        self,
        files: ContentFiles,
        load: Load,
        show: Show | None = None,
        listeners: Sequence[Listener[Served]] = (),
        *,
        clock: Callable[[], float] = time,
    ) -> None:
        self.show = show
        self._clock = clock
        self._generation = Generation(files.generation)
        self._numbers = self._generation.numbers
        self._load = load
        self._lock = threading.Lock()
        self._seen = self._generation.read()
        first = load(None)
        first.become_current(None)
        self._active = Active(first, _digest, (*listeners, _Credit()))

    def current(self) -> Served:
        """Whoever comes first after a sync loads the new commit; nobody sees the old one then."""
        if self._generation.read() != self._seen:
            self.reload()
        served = self._active.current
        return served if self._clock() < served.until else self._renewed(served)

    def glance(self) -> Served | None:
        """The same, or None where it takes more than looking."""
        served = self._active.current
        fits = self._numbers[0] == self._seen and self._clock() < served.until
        return served if fits else None

    @property
    def versions(self) -> tuple[str, ...]:
        """Digests of the registries that were active here, the newest last."""
        return self._active.history

    def reload(self, moved: Served | None = None) -> None:
        """`moved` is what the index is no longer of, though the number may not say so yet: whoever
        applied a commit may have been killed before it told. Raises what loading raises; then the
        next request tries again."""
        with self._lock:
            generation = self._generation.read()
            before = self._active.current
            if generation == self._seen and before is not moved:
                return
            served = self._load(before.registry)
            if served.is_as(before):
                served.registry.discard(before.registry)
                self._seen = generation
                return
            try:
                self._active.apply(served, expected=before)
            except BaseException:
                served.registry.discard(before.registry)
                raise
            self._seen = generation
        log.info("serving", commit=served.commit, branch=served.branch, registry=_digest(served))
        before.registry.retire(served.registry)

    def _renewed(self, passed: Served) -> Served:
        """Whoever comes first after a moment that shows more looks at the site anew."""
        with self._lock:
            served = self._active.current
            if served is passed:
                with suppress(CommitMoved):
                    served = passed.renewed(self._clock())
                    self._active.renew(served, expected=passed)
                    return served
        if served is passed:
            self.reload(passed)
        return self._active.current

    def stop(self) -> None:
        self._active.current.registry.close()
        self._generation.close()


class _Credit:
    """The last listener, as it cannot refuse."""

    def prepare(self, new: Served, old: Served) -> None:
        new.become_current(old)

    def undo(self, new: Served, old: Served) -> None:
        """There is nothing to take back."""


def _digest(served: Served) -> str:
    return served.registry.digest
