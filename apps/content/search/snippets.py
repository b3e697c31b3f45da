"""The part of a text around what was found, in pieces of which some are marked. Pure.

Not left to FTS5, which goes through the whole of each text to cut a snippet: of ten documents that
takes ten times as long. Pieces are plain text; whoever shows them escapes each.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from apps.content.search.bounds import BEFORE, LOOKS, SNIPPET
from apps.content.words import sign

Piece = tuple[str, bool]
"""A text, and whether it was looked for."""
Word = tuple[str, bool]
"""A word, and whether it may go on."""
Span = tuple[int, int, int]
"""Where something stands, and which of the words it is."""
MORE: Final = "…"
KNOWN: Final = 4096


class _Plain(dict[int, str]):
    """Letters without case and accent, one for one, as far as they were met."""

    def __missing__(self, code: int) -> str:
        if len(self) >= KNOWN:
            self.clear()
        letter = chr(code)
        lower = unicodedata.normalize("NFKD", letter)[0].lower()
        self[code] = lower if len(lower) == 1 and lower.isalnum() else letter
        return self[code]


_PLAIN = _Plain()


def marked(text: str, words: Sequence[Word]) -> tuple[Piece, ...]:
    """All of a short text."""
    return tuple(_pieces(text, _spans(_folded(text), words)))


def snippet(text: str, words: Sequence[Word]) -> tuple[Piece, ...]:
    """Where most of the words stand together; the beginning where none does."""
    spans = _spans(_folded(text), words)
    start = _start(text, spans)
    end = _end(text, start)
    within = [(a - start, b - start, n) for a, b, n in spans if a >= start and b <= end]
    shown = list(_pieces(text[start:end], within))
    before = [(MORE, False)] if start else []
    after = [(MORE, False)] if end < len(text) else []
    return tuple(_together([*before, *shown, *after]))


def has_marks(pieces: Sequence[Piece]) -> bool:
    return any(is_marked for _, is_marked in pieces)


def _folded(text: str) -> str:
    """As long as the text."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


def _spans(folded: str, words: Sequence[Word]) -> list[Span]:
    """In order, without those that begin in an earlier one."""
    found = sorted(
        span for number, word in enumerate(words) for span in _looked(folded, number, word)
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _looked(folded: str, number: int, word: Word) -> Iterator[Span]:
    needle, goes_on = _folded(word[0]), word[1]
    inside = sign().search(needle) is not None
    at = -1
    for _ in range(LOOKS):
        at = folded.find(needle, at + 1)
        if at < 0:
            return
        end = at + len(needle)
        if not inside and at and folded[at - 1].isalnum():
            continue
        if goes_on:
            while end < len(folded) and folded[end].isalnum():
                end += 1
        if inside or end == len(folded) or not folded[end].isalnum():
            yield at, end, number


def _start(text: str, spans: Sequence[Span]) -> int:
    """Some words before the first of those that are found together."""
    best, most = 0, 0
    for position, (at, _, _) in enumerate(spans):
        near = set[int]()
        for _, end, number in islice(spans, position, None):
            if end - at > SNIPPET - BEFORE:
                break
            near.add(number)
        if len(near) > most:
            best, most = at, len(near)
    if best <= BEFORE:
        return 0
    space = text.find(" ", best - BEFORE, best)
    return space + 1 if space >= 0 else best


def _end(text: str, start: int) -> int:
    end = start + SNIPPET
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", start + SNIPPET // 2, end)
    return space if space >= 0 else end


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    done = 0
    for start, end, _ in spans:
        if start > done:
            yield text[done:start], False
        yield text[start:end], True
        done = end
    if done < len(text):
        yield text[done:], False


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind are one."""
    held: Piece | None = None
    for piece in pieces:
        if held and held[1] == piece[1]:
            held = held[0] + piece[0], held[1]
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held
