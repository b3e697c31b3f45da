"""Reads the part of a file that a reply names, piece by piece, for every adapter."""

from collections.abc import Iterator

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
