"""Which words of two lines differ, and text that shows what it would hide. Pure and bounded."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from apps.gitsync.writing.showing import alike_at_ends

LINE: Final = 4_000
"""Characters of a line that are shown."""
WORDS: Final = 40_000
"""Words of both lines between what is alike at their ends, multiplied; over it all is marked."""
ALIKE: Final = 0.3
"""Lines that share less have nothing to do with each other."""
_WORD: Final = re.compile(r"\w+|\s+|[^\w\s]")
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a line; `differs` where the other line has something else there."""

    text: str
    differs: bool = False


Pieces = tuple[Piece, ...]


def visible(text: str) -> str:
    """What would change how the rest reads, or not be seen, stands by its number."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def plain(line: str) -> Pieces:
    return (Piece(_shown(line)),) if line else ()


def marked(old: str, new: str) -> tuple[Pieces, Pieces]:
    one, two = _WORD.findall(old[:LINE]), _WORD.findall(new[:LINE])
    if max(len(old), len(new)) > LINE:
        return plain(old), plain(new)
    codes = _compared(one, two)
    alike = sum(b - a for same, a, b, _, _ in codes if same)
    if 2 * alike < ALIKE * (len(one) + len(two)):
        return plain(old), plain(new)
    before = _pieces(one, ((not same, a, b) for same, a, b, _, _ in codes))
    after = _pieces(two, ((not same, c, d) for same, _, _, c, d in codes))
    return tuple(before), tuple(after)


Part = tuple[bool, int, int, int, int]
"""Whether it is the same in both; the words of the one from and to, and of the other."""


def _compared(one: Sequence[str], two: Sequence[str]) -> list[Part]:
    start, end = alike_at_ends(one, two)
    a, b, c, d = start, len(one) - end, start, len(two) - end
    first, last = (True, 0, start, 0, start), (True, b, len(one), d, len(two))
    if (b - a) * (d - c) > WORDS:
        return [first, (False, a, b, c, d), last]
    found = SequenceMatcher(None, one[a:b], two[c:d], autojunk=False).get_opcodes()
    middle = [(t == "equal", p + a, q + a, r + c, s + c) for t, p, q, r, s in found]
    return [first, *middle, last]


def _pieces(words: Sequence[str], parts: Iterable[tuple[bool, int, int]]) -> Iterator[Piece]:
    for differs, start, end in parts:
        if start < end:
            yield Piece(visible("".join(words[start:end])), differs)


def _shown(line: str) -> str:
    return visible(line[:LINE]) + (" …" if len(line) > LINE else "")
