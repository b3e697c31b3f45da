"""Paragraphs that one side moved while the other edited them. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from apps.content.merging.differences import Hunk, hunks

ALIKE = 0.5
"""So much of its words a paragraph keeps when it is edited; else it is another one."""

Texts = Sequence[str]


def follow_moves(base: Texts, ours: Texts, theirs: Texts) -> tuple[list[str], list[str]]:
    """Both sides, as if each edit had been made by the side that moved the paragraph."""
    mine, their = list(ours), list(theirs)
    in_ours, in_theirs = hunks(base, ours), hunks(base, theirs)
    moved = _moved(base, ours, in_ours), _moved(base, theirs, in_theirs)
    for place, old, new in _edited(base, theirs, in_theirs):
        if place in moved[0] and place not in moved[1]:
            mine[moved[0][place]], their[new] = theirs[new], old
    for place, old, new in _edited(base, ours, in_ours):
        if place in moved[1] and place not in moved[0]:
            their[moved[1][place]], mine[new] = ours[new], old
    return mine, their


def _moved(base: Texts, side: Texts, changes: Sequence[Hunk]) -> dict[int, int]:
    """Place in the base → place in the side, of texts that are once in each."""
    once = {text for text, n in Counter(base).items() if n == 1}
    once &= {text for text, n in Counter(side).items() if n == 1}
    gone = {base[i]: i for h in changes for i in range(h.start, h.end) if base[i] in once}
    come = {side[j]: j for h in changes for j in range(h.new_start, h.new_end)}
    return {place: come[text] for text, place in gone.items() if text in come}


def _edited(base: Texts, side: Texts, changes: Sequence[Hunk]) -> Iterator[tuple[int, str, int]]:
    """(place in the base, its text there, place in the side)"""
    for hunk in changes:
        if hunk.end - hunk.start == hunk.new_end - hunk.new_start:
            for n in range(hunk.end - hunk.start):
                old, new = base[hunk.start + n], side[hunk.new_start + n]
                if is_edited(old, new):
                    yield hunk.start + n, old, hunk.new_start + n


def is_edited(old: str, new: str) -> bool:
    before, after = Counter(old.split()), Counter(new.split())
    return 2 * (before & after).total() >= ALIKE * (before.total() + after.total())
