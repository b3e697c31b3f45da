"""In which order the items of a merged map or list stand. Pure; the same whichever side asks."""

from collections.abc import Sequence

from apps.content.merging.tree import Key

Keys = Sequence[Key]


def merged_order(base: Keys, ours: Keys, theirs: Keys) -> list[Key]:
    """All keys of the three. What one side alone has stands behind what it stands behind there;
    an order that one side changed is its order."""
    ours, theirs = _with_removed(base, ours), _with_removed(base, theirs)
    shared = _shared_order(base, ours, theirs)
    known = set(shared)
    one, other = _runs(ours, known), _runs(theirs, known)
    order: list[Key] = []
    for anchor in (None, *shared):
        order += [anchor] if anchor is not None else []
        for run in sorted((one.get(anchor, []), other.get(anchor, []))):
            order += run
    return order


def _with_removed(base: Keys, side: Keys) -> list[Key]:
    """What the side removed is put back, so that what came in its place has that place."""
    left = set(side)
    before: dict[Key | None, list[Key]] = {}
    following = None
    for key in reversed(base):
        if key in left:
            following = key
        else:
            before.setdefault(following, []).insert(0, key)
    order = [each for key in side for each in (*before.get(key, ()), key)]
    return [*order, *before.get(None, ())]


def _shared_order(base: Keys, ours: Keys, theirs: Keys) -> list[Key]:
    both = set(ours) & set(theirs)
    mine, their = ([key for key in side if key in both] for side in (ours, theirs))
    if mine == their:
        return mine
    old = set(base)
    before = [key for key in base if key in both]
    mine_kept = before == [key for key in mine if key in old]
    theirs_kept = before == [key for key in their if key in old]
    if mine_kept == theirs_kept:
        return min(mine, their)
    return their if mine_kept else mine


def _runs(side: Keys, known: set[Key]) -> dict[Key | None, list[Key]]:
    """Key that both have, or None for the beginning → what only this side has behind it."""
    runs: dict[Key | None, list[Key]] = {}
    anchor = None
    for key in side:
        if key in known:
            anchor = key
        else:
            runs.setdefault(anchor, []).append(key)
    return runs
