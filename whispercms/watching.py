"""Follows the index in the background: loads a new commit before its first visitor asks, publishes
that it did, and renders bodies ahead."""

import threading

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.warming import render_missing
from apps.delivery.live import LiveSite
from apps.delivery.served import Served
from apps.runtime.events import EventBus

SECONDS = 0.5


class Watcher:
    """What it has seen outlasts a run that fails, so nothing is told twice or not at all."""

    def __init__(
        self,
        site: LiveSite,
        *,
        renderer: Renderer,
        files: ContentFiles,
        index: Index,
        events: EventBus,
    ) -> None:
        self._site, self._renderer, self._files, self._index = site, renderer, files, index
        self._events, self._seen = events, site.current().commit

    def run(self, ended: threading.Event) -> None:
        """Until `ended` is set and the batch under way is done. Raises what keeps it from
        following."""
        warm = False
        while not ended.wait(SECONDS if warm else 0):
            served = self._site.current()
            if served.commit != self._seen:
                self._seen, warm = served.commit, False
                self._publish(served)
            warm = warm or render_missing(self._renderer, self._files, self._index) == 0

    def _publish(self, served: Served) -> None:
        where = {"commit": served.commit, "branch": served.branch}
        self._events.publish("site.synced", where)
        self._events.publish("system.synced", where)
