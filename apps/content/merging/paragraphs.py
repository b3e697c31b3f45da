"""Bodies merged by paragraph; within one that both sides changed, by line. Pure.

Paragraphs are what blank lines part. One that a side moved and the other edited is edited where
it stands now.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from apps.content.merging.conflicts import Piece, is_clean
from apps.content.merging.elements import Kind, Versions, merge_elements
from apps.content.merging.lines import LINES, gist, merge_closely, merge_lines, split_lines
from apps.content.merging.moves import follow_moves, is_edited
from apps.content.merging.three_way import Three, decide_form

_CLOSING = re.compile(r"\n[ \t\r\n]*\Z")
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Its lines and the blank ones after it, which only the last one lacks; `at` is its line."""

    lines: tuple[Piece, ...]
    blanks: str = ""
    at: int = 0

    @property
    def text(self) -> str:
        return "".join(map(str, self.lines))


@dataclass(frozen=True, slots=True)
class Body:
    """A text as its paragraphs, what it begins with and what it ends with."""

    opening: str
    paragraphs: tuple[Paragraph, ...]
    closing: str


def merge_body(base: str, ours: str, theirs: str) -> list[Piece]:
    """As Git merges it, if that is clean; else by paragraph, with a piece for each line."""
    first = merge_lines(base, ours, theirs)
    if is_clean(first):
        return first
    by_paragraph = _merge(*map(_read, (base, ours, theirs)))
    if is_clean(by_paragraph):
        return by_paragraph
    by_line = merge_closely(base, ours, theirs)
    return by_line if is_clean(by_line) else by_paragraph


def _read(text: str) -> Body:
    found = _CLOSING.search(text)
    closing = found[0] if found else ""
    lines = split_lines(text[: len(text) - len(closing)] + "\n")
    runs = [(blank, list(run)) for blank, run in groupby(lines, key=lambda each: not each.strip())]
    opening = "".join(runs.pop(0)[1]) if runs and runs[0][0] else ""
    at = opening.count("\n")
    paragraphs = []
    for (_, own), (_, blanks) in zip(runs[::2], [*runs[1::2], (True, [])], strict=False):
        paragraphs.append(Paragraph(tuple(own), "".join(blanks), at))
        at += len(own) + len(blanks)
    if not paragraphs:
        return Body(text, (), "")
    return Body(opening, tuple(paragraphs), closing)


def _merge(base: Body, ours: Body, theirs: Body) -> list[Piece]:
    mine, their = follow_moves(
        *([p.text for p in body.paragraphs] for body in (base, ours, theirs))
    )
    versions = Versions(
        base.paragraphs, _with(ours.paragraphs, mine), _with(theirs.paragraphs, their)
    )
    clash = partial(_clash, _lines_above(ours))
    kind = Kind(_gist, _same, clash, edited=lambda old, new: is_edited(old.text, new.text))
    merged = list(merge_elements(kind, versions))
    pieces: list[Piece] = [decide_form(Three(base.opening, ours.opening, theirs.opening))]
    for paragraph in merged[:-1]:
        pieces += _parted(paragraph)
    if merged:
        closing = decide_form(Three(base.closing, ours.closing, theirs.closing))
        pieces += _ended(merged[-1].lines, closing)
    return pieces


def _with(paragraphs: Sequence[Paragraph], texts: Sequence[str]) -> tuple[Paragraph, ...]:
    return tuple(
        paragraph if paragraph.text == text else replace(paragraph, lines=tuple(split_lines(text)))
        for paragraph, text in zip(paragraphs, texts, strict=True)
    )


def _parted(paragraph: Paragraph) -> list[Piece]:
    """With the blank lines after it, which go where a side has no paragraph."""
    blanks, first = paragraph.blanks or _BETWEEN, paragraph.lines[0]
    if isinstance(first, str) or len(paragraph.lines) > 1 or all(first.texts):
        return [*paragraph.lines, blanks]
    return [replace(first, texts=first.texts.map(lambda text: text and text + blanks))]


def _ended(lines: tuple[Piece, ...], closing: str) -> list[Piece]:
    last = lines[-1]
    if isinstance(last, str):
        return [*lines[:-1], last.removesuffix("\n") + closing]
    return [*lines, closing.removeprefix("\n")]


def _gist(paragraph: Paragraph) -> tuple[str, ...]:
    return tuple(gist(str(line)) for line in paragraph.lines)


def _same(paragraph: Three[Paragraph]) -> Paragraph:
    sides = [each for each in paragraph if each]
    lines = zip(*(each.lines for each in sides), strict=True)
    merged = (decide_form(_three([str(line) for line in each])) for each in lines)
    return Paragraph(tuple(merged), _blanks(paragraph), paragraph.ours.at)


def _three(texts: list[str]) -> Three[str]:
    return Three(texts[0] if len(texts) == len(Three._fields) else None, texts[-2], texts[-1])


def _blanks(paragraph: Three[Paragraph]) -> str:
    blanks = paragraph.map(lambda each: each.blanks)
    return decide_form(blanks) if blanks.ours and blanks.theirs else blanks.ours or blanks.theirs


def _lines_above(body: Body) -> list[int]:
    """Of each paragraph, and of what would come after the last one."""
    last = body.paragraphs[-1:]
    return [p.at for p in body.paragraphs] + [p.at + len(p.lines) for p in last] + [0]


def _clash(above: Sequence[int], versions: Versions[Paragraph]) -> list[Paragraph]:
    sides = Three(versions.base, versions.ours, versions.theirs)
    lines, at = sides.map(_all_lines), above[versions.at]
    merged = tuple(merge_elements(LINES, Versions(lines.base or [], lines.ours, lines.theirs, at)))
    if not merged:
        return []
    last = sides.map(lambda side: side[-1] if side else Paragraph(()))
    return [Paragraph(merged, _blanks(last), at)]


def _all_lines(paragraphs: Sequence[Paragraph]) -> list[Piece]:
    """Without the blank lines at the end."""
    lines = [line for p in paragraphs for line in (*p.lines, *split_lines(p.blanks))]
    blanks = len(split_lines(paragraphs[-1].blanks)) if paragraphs else 0
    return lines[: len(lines) - blanks]
