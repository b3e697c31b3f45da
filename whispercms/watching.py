"""Follows the index in the background: loads a new commit before its first visitor asks, publishes
that it did or that one was refused, and renders bodies ahead."""

import threading
from time import monotonic

import structlog

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.warming import render_missing
from apps.delivery.live import LiveSite
from apps.delivery.served import Served
from apps.runtime.events import EventBus
from whispercms.refused_runs import RefusedRuns

log = structlog.get_logger("whispercms.watch")

SECONDS = 0.5


class Watcher:
    """One thread; `stop` waits for the batch under way."""

    def __init__(
        self,
        site: LiveSite,
        *,
        renderer: Renderer,
        files: ContentFiles,
        index: Index,
        events: EventBus,
        refused: RefusedRuns,
    ) -> None:
        self._site, self._renderer, self._files, self._index = site, renderer, files, index
        self._events, self._first = events, site.current().commit
        self._refused = refused
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        seen, warm = self._first, False
        while not self._ended.wait(0 if not warm else SECONDS):
            try:
                served = self._site.current()
                if served.commit != seen:
                    seen, warm = served.commit, False
                    self._publish(served)
                if news := self._refused.news(monotonic()):
                    self._events.publish("site.sync_refused", news)
                warm = warm or render_missing(self._renderer, self._files, self._index) == 0
            except Exception as error:
                log.warning("could not follow", reason=str(error))
                warm = True

    def _publish(self, served: Served) -> None:
        where = {"commit": served.commit, "branch": served.branch}
        self._events.publish("site.synced", where)
        self._events.publish("system.synced", where)
