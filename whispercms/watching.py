"""Follows the index in the background: loads a new commit before its first visitor asks, renders
bodies ahead, and wakes the console's pages."""

import threading
from collections.abc import Callable

import structlog

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.warming import render_missing
from apps.delivery.live import LiveSite

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
        announce: Callable[[str], None],
    ) -> None:
        self._site, self._renderer, self._files, self._index = site, renderer, files, index
        self._announce = announce
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        seen, warm = self._site.current().commit, False
        while not self._ended.wait(0 if not warm else SECONDS):
            try:
                commit = self._site.current().commit
                if commit != seen:
                    seen, warm = commit, False
                    self._announce(commit)
                warm = warm or render_missing(self._renderer, self._files, self._index) == 0
            except Exception as error:
                log.warning("could not follow", reason=str(error))
                warm = True
