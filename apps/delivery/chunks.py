"""Reads the part of a file that a reply names, piece by piece, for every adapter."""

from collections.abc import Iterator
from threading import BoundedSemaphore

from apps.delivery.replies import FilePart

CHUNK = 64 * 1024


def file_chunks(part: FilePart) -> Iterator[bytes]:
    """The bytes of a part, piece by piece."""
    left = part.length
    with part.path.open("rb") as file:
        file.seek(part.start)
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


class Held:
    """The same, which has a place until it is read or given up, whatever comes first."""

    def __init__(self, part: FilePart, places: BoundedSemaphore) -> None:
        self._chunks = file_chunks(part)
        self._places: BoundedSemaphore | None = places

    def __iter__(self) -> "Held":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        places, self._places = self._places, None
        if places is not None:
            places.release()

    def __del__(self) -> None:
        self.close()
