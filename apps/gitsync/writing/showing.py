"""The difference between two texts, as people read it. Pure, and bounded whatever it is given."""

import re
from collections.abc import Sequence
from difflib import unified_diff
from itertools import takewhile
from typing import Final

CONTEXT: Final = 3
HUNK: Final = re.compile(r"(?<=\s)([-+])(\d+)")
COMPARED: Final = 4_000_000
"""Lines of either side that differ, multiplied: difflib is not linear. Over it both are shown."""


def difference(path: str, old: bytes | None, new: bytes | None) -> str:
    """Empty where there is none."""
    if old == new:
        return ""
    before, after = _lines(old), _lines(new)
    if before is None or after is None:
        return f"{path}: {_size(old)} → {_size(new)}\n"
    start, end = alike_at_ends(before, after)
    first = max(start - CONTEXT, 0)
    one, two = (_middle(lines, first, end - CONTEXT) for lines in (before, after))
    if len(one) * len(two) > COMPARED:
        return f"--- {path}\n+++ {path}\n" + "".join([*_each("-", one), *_each("+", two)])
    names = (path if old is not None else "nothing", path if new is not None else "nothing")
    told = (_moved(line, first) for line in unified_diff(one, two, *names, n=CONTEXT))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in told)


def _lines(content: bytes | None) -> list[str] | None:
    """None for what is no text."""
    if content is None:
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.splitlines(keepends=True)


def alike_at_ends(one: Sequence[str], two: Sequence[str]) -> tuple[int, int]:
    """How many both begin with, and how many of the rest both end with."""
    start = _alike(one, two)
    return start, _alike(one[start:][::-1], two[start:][::-1])


def _alike(one: Sequence[str], two: Sequence[str]) -> int:
    pairs = zip(one, two, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _middle(lines: list[str], first: int, left_out: int) -> list[str]:
    return lines[first : len(lines) - max(left_out, 0)]


def _moved(line: str, by: int) -> str:
    """The lines above were left out before the rest was compared."""
    if not line.startswith("@@"):
        return line
    return HUNK.sub(lambda found: f"{found[1]}{int(found[2]) + by}", line)


def _each(sign: str, lines: list[str]) -> list[str]:
    return [f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n" for line in lines]


def _size(content: bytes | None) -> str:
    return "nothing" if content is None else f"{len(content)} bytes"
