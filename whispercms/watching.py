"""Follows the index in the background: loads a new commit before its first visitor asks, publishes
that it did, and makes ahead what is asked for most, then all bodies."""

import threading

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.warming import render_missing
from apps.delivery.live import LiveSite
from apps.delivery.served import Served
from apps.delivery.warm_set import WarmSet
from apps.runtime.events import EventBus

SECONDS = 0.5
FIRST_SECONDS = 0.4
"""At a start: who asks first is not to wait for what nobody asked for."""


class Watcher:
    """What it has seen outlasts a run that fails, so nothing is told twice or not at all."""

    def __init__(
        self,
        site: LiveSite,
        warm_set: WarmSet,
        *,
        renderer: Renderer,
        files: ContentFiles,
        index: Index,
        events: EventBus,
    ) -> None:
        self._site, self._renderer, self._files, self._index = site, renderer, files, index
        self._warm_set = warm_set
        self._events, self._seen = events, site.current().commit

    def run(self, ended: threading.Event) -> None:
        """Until `ended` is set and the batch under way is done. Raises what keeps it from
        following."""
        warm, pause = False, FIRST_SECONDS
        while not ended.wait(pause):
            served = self._site.current()
            if served.commit != self._seen:
                self._seen, warm = served.commit, False
                self._publish(served)
            self._warm_set.renew(ended)
            warm = warm or render_missing(self._renderer, self._files, self._index) == 0
            pause = SECONDS if warm else 0.0

    def _publish(self, served: Served) -> None:
        where = {"commit": served.commit, "branch": served.branch}
        self._events.publish("site.synced", where)
        self._events.publish("system.synced", where)
