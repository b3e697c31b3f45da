"""The difference of one file as rows that a person reads side by side. Pure, and bounded whatever
it is given; `console/parts/diff.html` shows it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from apps.console.diff_words import Piece, marked, plain
from apps.gitsync.writing.showing import alike_at_ends

CONTEXT: Final = 3
COMPARED: Final = 4_000_000
"""Lines of either side that differ, multiplied: difflib is not linear. Over it all is replaced."""
ROWS: Final = 2_000
"""Of one file's difference."""
MARKED_ROWS: Final = 100
"""In which single words are marked."""
PICTURES: Final = re.compile(r"\.(png|jpe?g|gif|webp|avif)$", re.IGNORECASE)


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    old: Line | None
    new: Line | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Rows that follow each other, in both versions."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> int:
        return next((r.new.number for r in self.rows if r.new), 0) or self._old(0)

    @property
    def last(self) -> int:
        return next((r.new.number for r in reversed(self.rows) if r.new), 0) or self._old(-1)

    def _old(self, at: int) -> int:
        old = self.rows[at].old
        return old.number if old else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """`kind` is of the file as a whole. What is no text has sizes only: None where there was no
    file. `is_cut` says that there is more, `differs_at_end` that one version alone ends with a line
    break."""

    path: str
    kind: Kind
    is_text: bool
    is_picture: bool = False
    sizes: tuple[int | None, int | None] = (None, None)
    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    removed: int = 0
    is_cut: bool = False
    differs_at_end: bool = False


def file_diff(
    path: str, old: bytes | None, new: bytes | None, *, context: int = CONTEXT
) -> FileDiff:
    """None stands for no file."""
    kind, sizes = _kind(old, new), (_size(old), _size(new))
    before, after = _lines(old), _lines(new)
    if before is None or after is None:
        picture = PICTURES.search(path) is not None
        return FileDiff(path=path, kind=kind, is_text=False, is_picture=picture, sizes=sizes)
    changes = _changes(before, after)
    hunks, is_cut = _hunks(changes, before, after, context)
    return FileDiff(
        path=path,
        kind=kind,
        is_text=True,
        sizes=sizes,
        hunks=hunks,
        added=sum(end - start for _, _, start, end in changes),
        removed=sum(end - start for start, end, _, _ in changes),
        is_cut=is_cut,
        differs_at_end=_differs_at_end(old, new),
    )


def unread(path: str, old: int | None, new: int | None) -> FileDiff:
    """Of versions that are too long to be shown: their sizes."""
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
    picture = PICTURES.search(path) is not None
    return FileDiff(path=path, kind=kind, is_text=False, is_picture=picture, sizes=(old, new))


Change = tuple[int, int, int, int]
"""Lines of the old version from and to, and of the new one that stand in their place."""


def _changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    start, end = alike_at_ends(before, after)
    one, two = before[start : len(before) - end], after[start : len(after) - end]
    if not one and not two:
        return []
    if len(one) * len(two) > COMPARED:
        return [(start, start + len(one), start, start + len(two))]
    found = SequenceMatcher(None, one, two).get_opcodes()
    return [(a + start, b + start, c + start, d + start) for t, a, b, c, d in found if t != "equal"]


def _hunks(
    changes: Sequence[Change], before: Sequence[str], after: Sequence[str], context: int
) -> tuple[tuple[Hunk, ...], bool]:
    left, words = ROWS, MARKED_ROWS
    hunks: list[Hunk] = []
    for group in _together(changes, context):
        if left <= 0:
            return tuple(hunks), True
        rows = list(_rows(group, (before, after), context, words))
        words -= sum(row.kind is Kind.CHANGED for row in rows)
        hunks.append(Hunk(tuple(rows[:left])))
        left -= len(rows)
    return tuple(hunks), left < 0


def _together(changes: Sequence[Change], context: int) -> Iterator[list[Change]]:
    """Changes that are so near that what is shown around them meets."""
    group: list[Change] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * context:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _rows(
    group: Sequence[Change], both: tuple[Sequence[str], Sequence[str]], context: int, words: int
) -> Iterator[Row]:
    before, after = both
    at = max(group[0][0] - context, 0)
    shift = group[0][2] - group[0][0]
    for a, b, c, d in group:
        yield from _same(before, at, a, shift)
        for n in range(max(b - a, d - c)):
            old = before[a + n] if a + n < b else None
            new = after[c + n] if c + n < d else None
            if n > ROWS:
                break
            yield _changed((a + n, c + n), old, new, words > n)
        at, shift = b, d - b
    yield from _same(before, at, min(at + context, len(before)), shift)


def _same(lines: Sequence[str], start: int, end: int, shift: int) -> Iterator[Row]:
    for n in range(start, end):
        pieces = plain(lines[n])
        yield Row(Kind.SAME, Line(n + 1, pieces), Line(n + shift + 1, pieces))


def _changed(at: tuple[int, int], old: str | None, new: str | None, words: bool) -> Row:
    if old is None:
        return Row(Kind.ADDED, None, Line(at[1] + 1, plain(new or "")))
    if new is None:
        return Row(Kind.REMOVED, Line(at[0] + 1, plain(old)), None)
    one, two = marked(old, new) if words else (plain(old), plain(new))
    return Row(Kind.CHANGED, Line(at[0] + 1, one), Line(at[1] + 1, two))


def _lines(content: bytes | None) -> list[str] | None:
    """None for what is no text."""
    if content is None:
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.removesuffix("\n").split("\n") if text else []


def _differs_at_end(old: bytes | None, new: bytes | None) -> bool:
    return bool(old and new and old.endswith(b"\n") != new.endswith(b"\n"))


def _kind(old: bytes | None, new: bytes | None) -> Kind:
    if old == new:
        return Kind.SAME
    if old is None:
        return Kind.ADDED
    return Kind.REMOVED if new is None else Kind.CHANGED


def _size(content: bytes | None) -> int | None:
    return None if content is None else len(content)
