"""The difference between an old and a new value of a field, as steps that are small each. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from apps.content.bounds import MAX_COMPARED_ITEMS
from apps.content.edits.fields import canonical

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """Puts a value in the place of another."""

    path: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Insert:
    """Adds a field, which is the last name of `path`."""

    path: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    path: Place


@dataclass(frozen=True, slots=True)
class InsertItems:
    path: Place
    index: int
    values: list[Any]


@dataclass(frozen=True, slots=True)
class RemoveItems:
    path: Place
    start: int
    stop: int


Step = Set | Insert | Remove | InsertItems | RemoveItems


def steps(path: Place, old: Any, new: Any, most: int) -> list[Step]:
    """To be made in this order, each on what the one before it left.

    Where they are more than `most`, the value is written anew.
    """
    found = list(islice(_steps(path, old, new), most + 1))
    return found if len(found) <= most else [Set(path, new)]


def _steps(path: Place, old: Any, new: Any) -> Iterator[Step]:
    if canonical(old) == canonical(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from (Insert((*path, key), new[key]) for key in new if key not in old)
        yield from (Remove((*path, key)) for key in old if key not in new)
        for key in old:
            if key in new:
                yield from _steps((*path, key), old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and new:
        yield from _items(path, old, new)
    else:
        yield Set(path, new)


def _items(path: Place, old: list[Any], new: list[Any]) -> Iterator[Step]:
    """From the end to the beginning, so that the indexes before stay what they are."""
    one, other = [canonical(item) for item in old], [canonical(item) for item in new]
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    same = min(len(one), len(other)) if same is None else same
    one, other = one[same:], other[same:]
    if len(one) * len(other) > MAX_COMPARED_ITEMS:
        yield Set(path, new)
        return
    for _, a, b, c, d in reversed(SequenceMatcher(None, one, other, False).get_opcodes()):
        yield from _block(path, (old[same + a : same + b], new[same + c : same + d]), same + a)


def _block(path: Place, block: tuple[list[Any], list[Any]], at: int) -> Iterator[Step]:
    old, new = block
    both = min(len(old), len(new))
    if len(new) > both:
        yield InsertItems(path, at + both, new[both:])
    elif len(old) > both:
        yield RemoveItems(path, at + both, at + len(old))
    for index in reversed(range(both)):
        yield from _steps((*path, at + index), old[index], new[index])
