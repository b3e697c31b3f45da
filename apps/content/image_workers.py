"""Has pictures looked at, and renditions made, in confined workers of their own.

Used by a sync for what changed, and by the read half for a rendition that is not there yet. What
cannot be read costs that picture alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from apps.content.carrying import as_content, as_text
from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.content.images import bounds
from apps.content.images.facts import NATURES, TYPES, Facts
from apps.content.images.renditions import Rendition
from apps.runtime.faults import WorkerFault, WorkerRefused
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

AS_TEXT: Final = 4 / 3
"""How much longer bytes are in a message between processes."""
ROOM: Final = 1024
LIMITS: Final = Limits(
    memory=bounds.MEMORY,
    cpu_seconds=bounds.CPU_SECONDS,
    wall_seconds=bounds.WALL_SECONDS,
    request_bytes=int(bounds.FILE_BYTES * AS_TEXT) + ROOM,
    reply_bytes=int(bounds.RENDITION_BYTES * AS_TEXT) + ROOM,
    calls=bounds.CALLS,
)


class Unreadable(Exception):
    """It is the picture: nobody will make more of it."""


class ImageWorkers:
    """Thread-safe. Costs nothing until it is asked."""

    def __init__(self, workers: Workers, limits: Limits = LIMITS) -> None:
        entry = "apps.content.images.worker"
        spec = WorkerSpec(name="images", entry=entry, limits=limits, size=bounds.WORKERS)
        self._workers = DocumentWorkers(workers, spec)

    def close(self) -> None:
        self._workers.close()

    def look(self, files: Iterable[Path]) -> Iterator[Facts | None]:
        """What each file is, in order; None for one that is no picture after all. Raises
        WorkerFault where it was the machine that failed, and OSError."""
        remaining = iter(files)
        while batch := list(islice(remaining, bounds.BATCH)):
            yield from self._batch(batch)

    def make(self, file: Path, rendition: Rendition) -> bytes:
        """Raises Unreadable, WorkerFault where it was the machine that failed, and OSError."""
        if file.stat().st_size > bounds.FILE_BYTES:
            raise Unreadable(f"it has over {bounds.FILE_BYTES} bytes")
        request = {
            "op": "make",
            "content": as_text(file.read_bytes()),
            "width": rendition.width,
            "height": rendition.height,
            "box": list(rendition.box),
            "format": rendition.format,
            "quality": rendition.quality,
        }
        told = _table(self._asked(request))
        try:
            return as_content(told.get("content"))
        except (TypeError, ValueError):
            raise Unreadable(str(told.get("fault"))[:100]) from None

    def _batch(self, batch: Sequence[Path]) -> Iterator[Facts | None]:
        """By their first bytes, all at once; those that need it alone and as a whole."""
        starts = [_start(path) for path in batch]
        try:
            told = self._workers.ask(_looks(starts))
        except WorkerFault:
            told = []
        for number, path in enumerate(batch):
            found = _facts(told[number]) if type(told) is list and number < len(told) else None
            yield found or self._alone(path)

    def _alone(self, path: Path) -> Facts | None:
        if path.stat().st_size > bounds.FILE_BYTES:
            return None
        try:
            told = self._asked(_looks([path.read_bytes()]))
        except Unreadable:
            return None
        return _facts(told[0]) if type(told) is list and told else None

    def _asked(self, request: Any) -> Any:
        try:
            return self._workers.ask_surely(request)
        except WorkerFault as fault:
            if is_the_machines(fault) and not isinstance(fault, WorkerRefused):
                raise
            raise Unreadable(fault.reason) from fault


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(bounds.HEADER_BYTES)


def _looks(contents: Sequence[bytes]) -> dict[str, Any]:
    return {"op": "look", "pictures": [as_text(content) for content in contents]}


def _table(told: Any) -> dict[str, Any]:
    return told if type(told) is dict else {}


def _facts(told: Any) -> Facts | None:
    """What a worker says, which may be compromised."""
    listed = _table(told).get("facts")
    if type(listed) is not list or len(listed) != 4:
        return None
    kind, width, height, nature = listed
    if kind not in TYPES.values() or nature not in NATURES:
        return None
    if not all(type(side) is int and 0 < side < 2**31 for side in (width, height)):
        return None
    return Facts(kind, width, height, nature)
