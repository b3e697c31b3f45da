"""Byte ranges, by RFC 9110 section 14. Pure."""

import re
from typing import Final

RANGE_CHARACTERS: Final = 100
"""One range takes less than half of them. The form below looks again at each space that it passed,
so nobody may send thousands."""
RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """No byte of the representation is in the range: answer 416."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(start, length) of the one range asked for; None means the whole.

    A header that cannot be read, or that asks for several ranges, counts as none (14.2).
    Raises Unsatisfiable.
    """
    found = RANGE.fullmatch(header) if header and len(header) <= RANGE_CHARACTERS else None
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        if not length:
            raise Unsatisfiable
        return size - length, length
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    return start, last - start + 1
