"""Reads exports of other systems in confined workers, so that none can hurt who imports it.

Used by gitsync, and by nothing that serves. In memory there is one piece of the file and what it
completes, whatever the length of the file.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.content.wordpress import bounds
from apps.content.wordpress.messages import Converted, Record, converted_of, record_of
from apps.content.wordpress.wxr import ExportError
from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

MIB: Final = 1024 * 1024
ENTRY: Final = "apps.content.wordpress.worker"
LIMITS: Final = Limits(
    memory=1024 * MIB,
    cpu_seconds=20.0,
    wall_seconds=120.0,
    request_bytes=16 * MIB,
    reply_bytes=48 * MIB,
)
NO_ANSWER: Final = (KeyError, TypeError, ValueError, AttributeError)
TOO_MUCH: Final = "it could not be read within its bounds of time and memory"
Read = Callable[[int], None]
"""Takes how many bytes have been read."""


class ExportReader:
    """Raises WorkerFault where this machine has no worker that could do it."""

    def __init__(self, workers: Workers, limits: Limits = LIMITS) -> None:
        self._rows = workers.pool(WorkerSpec(name="export", entry=ENTRY, limits=limits))
        spec = WorkerSpec(name="conversion", entry=ENTRY, limits=limits)
        self._conversions = DocumentWorkers(workers, spec)

    def close(self) -> None:
        self._rows.close()
        self._conversions.close()

    def records(self, file: BinaryIO, *, bodies: bool, read: Read) -> Iterator[Record]:
        """In their order. Raises ExportError, after records that were good, and OSError."""
        number = done = 0
        last = False
        while not last:
            data = file.read(bounds.CHUNK_BYTES)
            last = not data
            done += len(data)
            if done > bounds.FILE_BYTES:
                reason = f"the file has over {bounds.FILE_BYTES} bytes"
                raise ExportError("wordpress.bounds", 0, reason)
            request = {"op": "read", "number": number, "bodies": bodies, "last": last}
            yield from self._asked({**request, "data": b64encode(data).decode()})
            read(done)
            number += 1

    def convert(self, body: str) -> Converted | None:
        """None for a body that kills its worker."""
        try:
            asked = self._conversions.ask_surely({"op": "convert", "body": body})
            return converted_of(asked)
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            return None
        except NO_ANSWER:
            return None

    def _asked(self, request: dict[str, Any]) -> Iterator[Record]:
        try:
            answer = self._rows.call(request)
            if refused := answer.get("refused"):
                code, line, reason = refused["code"], refused["line"], refused["reason"]
                raise ExportError(str(code), int(line), str(reason))
            found = [record_of(told) for told in answer["found"]]
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            raise ExportError("wordpress.bounds", 0, TOO_MUCH) from fault
        except ExportError:
            raise
        except NO_ANSWER as error:
            raise ExportError("wordpress.bounds", 0, TOO_MUCH) from error
        yield from found
