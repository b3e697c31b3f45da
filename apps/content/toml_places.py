"""Where in a TOML text a value was written: tomllib does not say, and authors want to know."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

Place = tuple[str | int, ...]

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_KEY: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_ARRAY: Final = re.compile(rf"\s*\[\[\s*({_KEY})\s*\]\]")
_TABLE: Final = re.compile(rf"\s*\[\s*({_KEY})\s*\]")
_VALUE: Final = re.compile(rf"\s*({_KEY})\s*=")


class Places:
    """Of one text, which is read once."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {(): 1}
        for line, written in _places(text):
            self._lines.setdefault(written, line)

    def line(self, place: Sequence[str | int]) -> int:
        """Of what was written nearest to `place`; 1 where nothing of it was."""
        wanted = tuple(place)
        while wanted not in self._lines:
            wanted = wanted[:-1]
        return self._lines[wanted]


def _places(text: str) -> Iterator[tuple[int, Place]]:
    table: Place = ()
    counts: dict[Place, int] = {}
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            if (header := _ARRAY.match(line)) is not None:
                name = _parts(header[1])
                table = (*name, counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
                yield number, table
            elif (header := _TABLE.match(line)) is not None:
                table = _within(_parts(header[1]), counts)
                yield number, table
            elif (value := _VALUE.match(line)) is not None:
                yield number, (*table, *_parts(value[1]))
        inside ^= (line.count('"""') + line.count("'''")) % 2 == 1


def _within(name: Place, counts: dict[Place, int]) -> Place:
    """`[routes.query]` belongs to the last `[[routes]]`."""
    for end in range(len(name), 0, -1):
        if (array := name[:end]) in counts:
            return (*array, counts[array] - 1, *name[end:])
    return name


def _parts(key: str) -> Place:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))
