"""Texts merged by line: exactly as Git does it, or closer where Git finds a conflict. Pure.

A line keeps its own line break, so that nothing is lost and nothing added.
"""

import re
from collections.abc import Sequence

from apps.content.merging.conflicts import Clash, Piece
from apps.content.merging.differences import hunks
from apps.content.merging.elements import Kind, Versions, merge_elements
from apps.content.merging.three_way import Region, Three, decide_form, regions

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HARD_BREAK = "  "


def split_lines(text: str) -> list[str]:
    """With their line breaks; the last one may have none."""
    return _LINE.findall(text)


def gist(line: str) -> str:
    """A line without what nobody sees: its line break and the spaces before it, unless they are
    a hard break of Markdown."""
    bare = line.rstrip("\r\n")
    text = bare.rstrip()
    return text + _HARD_BREAK if text and bare.endswith(_HARD_BREAK) else text


def merge_lines(base: str, ours: str, theirs: str) -> list[Piece]:
    """Clean where `git merge-file` is, and then with its bytes."""
    b, o, t = (split_lines(text) for text in (base, ours, theirs))
    return [_strictly(region, b, o, t) for region in regions(len(b), hunks(b, o), hunks(b, t))]


def _strictly(
    region: Region, base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Piece:
    mine, their = "".join(ours[region.ours]), "".join(theirs[region.theirs])
    if not region.their_hunks or mine == their:
        return mine
    if not region.our_hunks:
        return their
    old = "".join(base[region.base])
    return Clash(Three(old, mine, their), region.ours.start + 1)


def merge_closely(base: str, ours: str, theirs: str) -> list[Piece]:
    """Clean where no line was changed by both, even if one changed the line next to the other's.
    What nobody sees of a line decides nothing."""
    sides = Three(base, ours, theirs)
    b, o, t = (split_lines(ended(text)) for text in (base, ours, theirs))
    versions: Versions[Piece] = Versions(b, o, t)
    pieces = list(merge_elements(LINES, versions))
    if pieces and isinstance(last := pieces[-1], str):
        pieces[-1] = with_end_of(last, sides)
    return pieces


def ended(text: str) -> str:
    """With a line break at its end: else nothing could be put behind the last line."""
    return text if text.endswith("\n") or not text else f"{text}\n"


def with_end_of(text: str, sides: Three[str]) -> str:
    """Without that line break, if the sides want none."""
    end = decide_form(sides.map(lambda side: "\n" if side.endswith("\n") else ""))
    return text if end else text.removesuffix("\n")


def _gist(line: Piece) -> str:
    return gist(str(line))


def _same(line: Three[Piece]) -> Piece:
    return decide_form(line.map(str))


def _clash(versions: Versions[Piece]) -> list[Piece]:
    base, ours, theirs = (
        "".join(map(str, lines)) for lines in (versions.base, versions.ours, versions.theirs)
    )
    return [Clash(Three(base, ours, theirs), versions.at + 1)]


LINES = Kind(gist=_gist, same=_same, clash=_clash)
