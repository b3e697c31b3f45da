"""Answers with a rendition of a picture, which is made when it is asked for the first time.

While there is none, because it cannot be made or because all hands are busy, the picture itself is
the answer: never a page that waits.
"""

import threading
from contextlib import suppress
from typing import Final

import structlog

from apps.content.files import ContentFiles
from apps.content.image_workers import ImageWorkers, Unreadable
from apps.content.images import bounds
from apps.content.images.facts import looks_like
from apps.content.shelf import Shelf, Shelved
from apps.delivery import assets
from apps.delivery.pictures import Wanted
from apps.delivery.replies import Reply
from apps.runtime.faults import WorkerFault

log = structlog.get_logger("whispercms.images")

WAIT_SECONDS: Final = bounds.WALL_SECONDS


class Renditions:
    """Of one process. Thread-safe."""

    def __init__(self, files: ContentFiles, workers: ImageWorkers, shelf: Shelf) -> None:
        self._files, self._workers, self._shelf = files, workers, shelf
        self._places = threading.BoundedSemaphore(bounds.WAITING)
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Event] = {}
        self._refused: set[str] = set()

    def reply(self, wanted: Wanted) -> Reply:
        """Takes as long as a worker may where it is the first to ask. What is not the rendition
        itself is not to be kept without asking."""
        key, form = wanted.rendition.key, wanted.rendition.format
        kept = self._shelf.find(key) or self._made(wanted)
        if kept and (reply := assets.rendition_reply(form, kept)):
            return reply
        picture = wanted.picture
        reply = assets.file_reply(picture.url, self._files, picture.blob, picture.size)
        return reply.with_headers(assets.STAND_IN)

    def _made(self, wanted: Wanted) -> Shelved | None:
        """By one for all who want it now."""
        key = wanted.rendition.key
        if key in self._refused or not self._places.acquire(blocking=False):
            return None
        try:
            with self._lock:
                landed = self._under_way.get(key)
                if leads := landed is None:
                    landed = self._under_way[key] = threading.Event()
            if leads:
                return self._lead(wanted, landed)
            landed.wait(WAIT_SECONDS)
            return self._shelf.find(key)
        finally:
            self._places.release()

    def _lead(self, wanted: Wanted, landed: threading.Event) -> Shelved | None:
        key = wanted.rendition.key
        try:
            # Another process, or who led a moment ago, may have been faster.
            return self._shelf.find(key) or self._shelf.put(key, self._bytes(wanted))
        except (Unreadable, WorkerFault, OSError) as error:
            if isinstance(error, Unreadable):
                self._refuse(key)
            log.warning("no rendition", picture=wanted.picture.url, reason=str(error)[:200])
            return None
        finally:
            with self._lock:
                del self._under_way[key]
            landed.set()

    def _bytes(self, wanted: Wanted) -> bytes:
        """Raises as `ImageWorkers.make`."""
        made = self._workers.make(self._files.asset(wanted.picture.blob), wanted.rendition)
        if not looks_like(wanted.rendition.format, made):
            raise Unreadable("its worker answered nonsense")
        return made

    def _refuse(self, key: str) -> None:
        with self._lock, suppress(KeyError):
            if len(self._refused) >= bounds.REFUSED:
                self._refused.pop()
            self._refused.add(key)
