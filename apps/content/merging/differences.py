"""Where two sequences differ: a shortest edit (Myers 1986, in linear space). Pure.

Under every merge. Changes that could stand in several places stand as low as they can, as Git
puts them, so that both sides of a merge put the same change in the same place.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from apps.content.bounds import MAX_MERGE_STEPS

FAR = 1 << 60


@dataclass(frozen=True, slots=True)
class Hunk:
    """`old[start:end]` became `new[new_start:new_end]`; one of the two may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """In order; between two of them stands at least one element that both have."""
    numbers: dict[Hashable, int] = {}
    a = [numbers.setdefault(each, len(numbers)) for each in old]
    b = [numbers.setdefault(each, len(numbers)) for each in new]
    # One more, never changed, so that a group may look behind the end.
    removed, added = bytearray(len(a) + 1), bytearray(len(b) + 1)
    left, right = _shared(a, b, removed), _shared(b, a, added)
    _Comparison(
        [a[i] for i in left], [b[j] for j in right], (left, removed), (right, added)
    ).compare()
    _settle(a, removed, added)
    _settle(b, added, removed)
    return list(_read(removed, added))


def _shared(mine: list[int], other: list[int], changed: bytearray) -> list[int]:
    """Where elements stand that the other has too; the rest is changed whatever comes out."""
    known = set(other)
    places = []
    for place, each in enumerate(mine):
        if each in known:
            places.append(place)
        else:
            changed[place] = 1
    return places


Marks = tuple[list[int], bytearray]
Box = tuple[int, int, int, int]


class _Comparison:
    """Of two sequences of numbers; what differs is marked at the places they came from."""

    def __init__(self, a: list[int], b: list[int], left: Marks, right: Marks) -> None:
        self._a, self._b = a, b
        self._left, self._right = left, right
        self._steps = MAX_MERGE_STEPS

    def compare(self) -> None:
        boxes: list[Box] = [(0, len(self._a), 0, len(self._b))]
        while boxes:
            low, high, lower, upper = box = self._shrunk(boxes.pop())
            if low == high or lower == upper or self._steps <= 0:
                _mark(self._left, low, high)
                _mark(self._right, lower, upper)
            else:
                i, j = self._middle(box)
                boxes += [(low, i, lower, j), (i, high, j, upper)]

    def _shrunk(self, box: Box) -> Box:
        low, high, lower, upper = box
        a, b = self._a, self._b
        while low < high and lower < upper and a[low] == b[lower]:
            low, lower = low + 1, lower + 1
        while low < high and lower < upper and a[high - 1] == b[upper - 1]:
            high, upper = high - 1, upper - 1
        return low, high, lower, upper

    def _middle(self, box: Box) -> tuple[int, int]:
        """A point that a shortest path through the box goes through."""
        low, high, lower, upper = box
        forward, backward = {low - lower: low}, {high - upper: high}
        first, last = low - upper, high - lower
        ends = [low - lower] * 2, [high - upper] * 2
        odd = (low - lower - high + upper) % 2 == 1
        while True:
            for k, i in self._forward(box, forward, _grown(ends[0], first, last, forward, -1)):
                if odd and ends[1][0] <= k <= ends[1][1] and backward[k] <= i:
                    return i, i - k
            for k, i in self._backward(box, backward, _grown(ends[1], first, last, backward, FAR)):
                if not odd and ends[0][0] <= k <= ends[0][1] and i <= forward[k]:
                    return i, i - k
            if self._steps <= 0:
                return low, lower

    def _forward(
        self, box: Box, reached: dict[int, int], diagonals: range
    ) -> Iterator[tuple[int, int]]:
        _, high, _, upper = box
        a, b = self._a, self._b
        for k in diagonals:
            below, above = reached[k - 1], reached[k + 1]
            i = start = below + 1 if below >= above else above
            while i < high and i - k < upper and a[i] == b[i - k]:
                i += 1
            self._steps -= 1 + i - start
            reached[k] = i
            yield k, i

    def _backward(
        self, box: Box, reached: dict[int, int], diagonals: range
    ) -> Iterator[tuple[int, int]]:
        low, _, lower, _ = box
        a, b = self._a, self._b
        for k in diagonals:
            below, above = reached[k - 1], reached[k + 1]
            i = start = below if below < above else above - 1
            while i > low and i - k > lower and a[i - 1] == b[i - k - 1]:
                i -= 1
            self._steps -= 1 + start - i
            reached[k] = i
            yield k, i


def _grown(ends: list[int], first: int, last: int, reached: dict[int, int], nowhere: int) -> range:
    """One diagonal more at either end, as far as there are any; from the highest down."""
    if ends[0] > first:
        ends[0] -= 1
        reached[ends[0] - 1] = nowhere
    else:
        ends[0] += 1
    if ends[1] < last:
        ends[1] += 1
        reached[ends[1] + 1] = nowhere
    else:
        ends[1] -= 1
    return range(ends[1], ends[0] - 1, -2)


def _mark(marks: Marks, start: int, end: int) -> None:
    places, changed = marks
    for place in places[start:end]:
        changed[place] = 1


class _Group:
    """A run of changed elements, maybe empty, before one that is unchanged."""

    def __init__(self, changed: bytearray) -> None:
        self.changed = changed
        self.start = self.end = 0
        self._widen()

    @property
    def size(self) -> int:
        return self.end - self.start

    def _widen(self) -> None:
        while self.changed[self.end]:
            self.end += 1

    def next(self) -> bool:
        if self.end >= len(self.changed) - 1:
            return False
        self.start = self.end = self.end + 1
        self._widen()
        return True

    def previous(self) -> None:
        self.start = self.end = self.start - 1
        while self.start and self.changed[self.start - 1]:
            self.start -= 1

    def up(self, lines: list[int]) -> bool:
        if not self.start or lines[self.start - 1] != lines[self.end - 1]:
            return False
        self.start, self.end = self.start - 1, self.end - 1
        self.changed[self.start], self.changed[self.end] = 1, 0
        while self.start and self.changed[self.start - 1]:
            self.start -= 1
        return True

    def down(self, lines: list[int]) -> bool:
        if self.end >= len(lines) or lines[self.start] != lines[self.end]:
            return False
        self.changed[self.start], self.changed[self.end] = 0, 1
        self.start, self.end = self.start + 1, self.end + 1
        self._widen()
        return True


def _settle(lines: list[int], changed: bytearray, others: bytearray) -> None:
    """Moves every group as low as it goes, or to where the other side has a change as well."""
    group, other = _Group(changed), _Group(others)
    while True:
        if group.size:
            _settle_one(lines, group, other)
        if not group.next():
            return
        other.next()


def _settle_one(lines: list[int], group: _Group, other: _Group) -> None:
    size = -1
    while size != group.size:
        size = group.size
        while group.up(lines):
            other.previous()
        highest = group.end
        beside = bool(other.size)
        while group.down(lines):
            other.next()
            beside = beside or bool(other.size)
    if beside and group.end != highest:
        while not other.size:
            group.up(lines)
            other.previous()


def _read(removed: bytearray, added: bytearray) -> Iterator[Hunk]:
    group, other = _Group(removed), _Group(added)
    while True:
        if group.size or other.size:
            yield Hunk(group.start, group.end, other.start, other.end)
        if not (group.next() and other.next()):
            return
