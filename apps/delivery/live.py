"""The site as this process serves it now: one frozen value, swapped when the index moves on."""

import threading
from collections.abc import Callable

import structlog

from apps.content.files import ContentFiles
from apps.content.generation import Generation
from apps.delivery.served import Served
from apps.extensions.registry import Registry

log = structlog.get_logger("whispercms.delivery")

Load = Callable[[Registry | None], Served]
"""Builds what the index's pointer names; given the registry in use, whose workers it may keep."""


class LiveSite:
    """`current` costs a memory access while nothing changes."""

    def __init__(self, files: ContentFiles, load: Load) -> None:
        self._generation = Generation(files.generation)
        self._load = load
        self._lock = threading.Lock()
        self._seen = self._generation.read()
        self._served = load(None)

    def current(self) -> Served:
        """Whoever comes first after a sync loads the new commit; nobody sees the old one then."""
        if self._generation.read() != self._seen:
            self.reload()
        return self._served

    def reload(self, moved: Served | None = None) -> None:
        """`moved` is what the index is no longer of, though the number may not say so yet: whoever
        applied a commit may have been killed before it told. Raises what loading raises; then the
        next request tries again."""
        with self._lock:
            generation = self._generation.read()
            if generation == self._seen and self._served is not moved:
                return
            before = self._served
            self._served = self._load(before.registry)
            self._seen = generation
        log.info("serving", commit=self._served.commit, branch=self._served.branch)
        before.registry.retire(self._served.registry)

    def stop(self) -> None:
        self._served.registry.close()
        self._generation.close()
