"""Merges sequences of elements more closely than Git does: changes that only touch go together.

Pure. Lines and paragraphs say what their elements are; used where Git's way ends in a conflict.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.content.bounds import MAX_MERGE_PAIRS
from apps.content.merging.differences import Hunk, hunks
from apps.content.merging.three_way import Region, Three, regions

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Kind(Generic[E]):
    """What an element is to a merge."""

    gist: Callable[[E], Hashable]
    """What counts of it. Both sides may add the same one twice only if it is false."""
    same: Callable[[Three[E]], E]
    """One of them; they have the same gist. Without a base both sides added it."""
    clash: Callable[["Versions[E]"], Sequence[E]]
    """What stands for elements that both sides changed."""
    edited: Callable[[E, E], bool] | None = None
    """Whether the second may be the first after an edit, so that it is no other one."""

    def refined(self, changes: Sequence[Hunk], old: Sequence[E], new: Sequence[E]) -> list[Hunk]:
        """With a hunk of its own for each element that was edited."""
        if self.edited is None:
            return list(changes)
        return [part for hunk in changes for part in _refined(hunk, old, new, self.edited)]


@dataclass(frozen=True, slots=True)
class Versions(Generic[E]):
    """`at` is where `ours` begins in the whole of ours."""

    base: Sequence[E]
    ours: Sequence[E]
    theirs: Sequence[E]
    at: int = 0


def merge_elements(kind: Kind[E], versions: Versions[E]) -> Iterator[E]:
    b, o, t = (
        [kind.gist(each) for each in side]
        for side in (versions.base, versions.ours, versions.theirs)
    )
    ours = kind.refined(hunks(b, o), versions.base, versions.ours)
    theirs = kind.refined(hunks(b, t), versions.base, versions.theirs)
    for region in regions(len(b), ours, theirs):
        yield from _merged(kind, versions, region)


def _merged(kind: Kind[E], versions: Versions[E], region: Region) -> Iterator[E]:
    part = _part(versions, region)
    if not region.our_hunks and not region.their_hunks:
        three = zip(part.base, part.ours, part.theirs, strict=True)
        yield from (kind.same(Three(*each)) for each in three)
    elif not region.their_hunks:
        yield from part.ours
    elif not region.our_hunks:
        yield from part.theirs
    else:
        yield from _both(kind, versions, region)


def _both(kind: Kind[E], versions: Versions[E], region: Region) -> Iterator[E]:
    part = _part(versions, region)
    o, t = ([kind.gist(each) for each in side] for side in (part.ours, part.theirs))
    parts = region.parts()
    if o == t:
        yield from _alike(kind, part.ours, part.theirs)
    elif len(parts) == 1 or _copied(kind, versions, parts):
        yield from _inner(kind, part, _common(o, t))
    else:
        for each in parts:
            yield from _merged(kind, versions, each)


def _part(versions: Versions[E], region: Region) -> Versions[E]:
    return Versions(
        versions.base[region.base],
        versions.ours[region.ours],
        versions.theirs[region.theirs],
        versions.at + region.ours.start,
    )


def _alike(kind: Kind[E], ours: Sequence[E], theirs: Sequence[E]) -> Iterator[E]:
    return (kind.same(Three(None, *each)) for each in zip(ours, theirs, strict=True))


def _copied(kind: Kind[E], versions: Versions[E], parts: Sequence[Region]) -> bool:
    """Whether both sides added the same at places that only touch: then both must not stay."""
    ours = {
        kind.gist(e): n
        for n, part in enumerate(parts)
        for e in _added(versions.ours, part.our_hunks)
    }
    theirs = {
        kind.gist(e): n
        for n, part in enumerate(parts)
        for e in _added(versions.theirs, part.their_hunks)
    }
    return any(gist and ours[gist] != theirs[gist] for gist in ours.keys() & theirs.keys())


def _added(side: Sequence[E], changes: Sequence[Hunk]) -> Iterator[E]:
    return (each for hunk in changes for each in side[hunk.new_start : hunk.new_end])


def _common(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> tuple[int, int]:
    """How many elements both sides begin and end with."""
    most = min(len(ours), len(theirs))
    before = next((n for n in range(most) if ours[n] != theirs[n]), most)
    most -= before
    after = next((n for n in range(most) if ours[-1 - n] != theirs[-1 - n]), most)
    return before, after


def _inner(kind: Kind[E], part: Versions[E], common: tuple[int, int]) -> Iterator[E]:
    """What both sides changed alike is not contested; the rest is, unless it is decided now."""
    before, after = common
    if before == after == 0:
        yield from kind.clash(part)
        return
    end, their_end = len(part.ours) - after, len(part.theirs) - after
    ours, theirs = part.ours[before:end], part.theirs[before:their_end]
    left = {kind.gist(each) for each in (*ours, *theirs)}
    gone = [kind.gist(each) not in left for each in part.base]
    start, stop = _run(gone, before), len(gone) - _run(gone[::-1], after)
    base = part.base[start : max(start, stop)]
    yield from _alike(kind, part.ours[:before], part.theirs[:before])
    yield from merge_elements(kind, Versions(base, ours, theirs, part.at + before))
    yield from _alike(kind, part.ours[end:], part.theirs[their_end:])


def _run(gone: Sequence[bool], most: int) -> int:
    """How many elements of the base, at most, stood where the common ones stand now."""
    return next((n for n, each in enumerate(gone[:most]) if not each), min(most, len(gone)))


def _refined(
    hunk: Hunk, old: Sequence[E], new: Sequence[E], edited: Callable[[E, E], bool]
) -> Iterator[Hunk]:
    if (hunk.end - hunk.start) * (hunk.new_end - hunk.new_start) > MAX_MERGE_PAIRS:
        yield hunk
        return
    i, j = hunk.start, hunk.new_start
    for place in range(hunk.start, hunk.end):
        found = (n for n in range(j, hunk.new_end) if edited(old[place], new[n]))
        if (match := next(found, None)) is not None:
            yield from _between(i, place, j, match)
            yield Hunk(place, place + 1, match, match + 1)
            i, j = place + 1, match + 1
    yield from _between(i, hunk.end, j, hunk.new_end)


def _between(start: int, end: int, new_start: int, new_end: int) -> Iterator[Hunk]:
    if start < end or new_start < new_end:
        yield Hunk(start, end, new_start, new_end)
