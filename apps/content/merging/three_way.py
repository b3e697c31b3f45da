"""Three versions of a sequence or a text, side by side. Pure; knows nothing of what they hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from apps.content.merging.differences import Hunk

T = TypeVar("T")
U = TypeVar("U")


class Side(StrEnum):
    BASE = "base"
    OURS = "ours"
    THEIRS = "theirs"


class Three(NamedTuple, Generic[T]):
    """One thing in its three versions. The base may lack it."""

    base: T | None
    ours: T
    theirs: T

    def map(self, what: Callable[[T], U]) -> "Three[U]":
        base = None if self.base is None else what(self.base)
        return Three(base, what(self.ours), what(self.theirs))

    def at(self, side: Side) -> T | None:
        return {Side.BASE: self.base, Side.OURS: self.ours, Side.THEIRS: self.theirs}[side]


class Undecided(Exception):
    """Both sides changed the same to something different."""


def decide(texts: Three[str]) -> str:
    """What the side says that changed it. Raises Undecided."""
    base, ours, theirs = texts
    if ours in (theirs, base):
        return theirs
    if theirs == base:
        return ours
    raise Undecided


def decide_form(texts: Three[str]) -> str:
    """The same for what means nothing, such as spaces: if both changed it either will do, but
    the same one whichever side is called ours."""
    try:
        return decide(texts)
    except Undecided:
        return min(texts.ours, texts.theirs, key=lambda text: (len(text), text))


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the base and what it became on either side; without hunks it stayed."""

    base: slice
    ours: slice
    theirs: slice
    our_hunks: tuple[Hunk, ...] = ()
    their_hunks: tuple[Hunk, ...] = ()

    def parts(self) -> "list[Region]":
        """Of a region that both changed: what overlaps together, what only touches alone. Two
        insertions at one place overlap, for their order is not plain."""
        at = _At(self.base.start, self.ours.start, self.theirs.start)
        both = [(hunk, 0) for hunk in self.our_hunks] + [(hunk, 1) for hunk in self.their_hunks]
        groups: list[list[tuple[Hunk, int]]] = []
        for each in sorted(both, key=lambda each: (each[0].start, each[0].end)):
            if groups and any(_overlap(each[0], other[0]) for other in groups[-1]):
                groups[-1].append(each)
            else:
                groups.append([each])
        return [
            at.to(
                max(hunk.end for hunk, _ in group),
                [hunk for hunk, side in group if not side],
                [hunk for hunk, side in group if side],
            )
            for group in groups
        ]


def _overlap(one: Hunk, two: Hunk) -> bool:
    if one.start == one.end == two.start == two.end:
        return True
    return max(one.start, two.start) < min(one.end, two.end) or (
        one.start < two.start == two.end < one.end or two.start < one.start == one.end < two.end
    )


def regions(size: int, ours: Sequence[Hunk], theirs: Sequence[Hunk]) -> Iterator[Region]:
    """All of a base of `size` elements. Changes that touch are in one region, as Git has it."""
    queue = sorted(
        [(hunk.start, hunk.end, 0, hunk) for hunk in ours]
        + [(hunk.start, hunk.end, 1, hunk) for hunk in theirs],
        key=lambda each: each[:3],
    )
    at, done = _At(), 0
    while done < len(queue):
        start, end = queue[done][:2]
        together: tuple[list[Hunk], list[Hunk]] = ([], [])
        while done < len(queue) and queue[done][0] <= end:
            end = max(end, queue[done][1])
            together[queue[done][2]].append(queue[done][3])
            done += 1
        if start > at.base:
            yield at.to(start)
        yield at.to(end, *together)
    if size > at.base:
        yield at.to(size)


class _At:
    """How far the three have been walked."""

    def __init__(self, base: int = 0, ours: int = 0, theirs: int = 0) -> None:
        self.base, self._ours, self._theirs = base, ours, theirs

    def to(self, end: int, ours: Sequence[Hunk] = (), theirs: Sequence[Hunk] = ()) -> Region:
        step = end - self.base
        base, our, their = self.base, self._ours, self._theirs
        self.base = end
        self._ours += step + sum(_growth(hunk) for hunk in ours)
        self._theirs += step + sum(_growth(hunk) for hunk in theirs)
        return Region(
            slice(base, self.base),
            slice(our, self._ours),
            slice(their, self._theirs),
            tuple(ours),
            tuple(theirs),
        )


def _growth(hunk: Hunk) -> int:
    return hunk.new_end - hunk.new_start - (hunk.end - hunk.start)
