"""Front matter as rows by which lists are filtered and sorted. Pure.

A number, a text or nothing stands for itself. True and false are bytes, so that they are no number.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import islice
from typing import Any, Final

from apps.content.queries.bounds import FIELDS, PATH_PARTS, TEXT
from apps.content.queries.names import TOLD, is_key

AUTHORS: Final = ".authors"
"""The name of a document's authors among its fields; no key of front matter can be it."""

Stored = str | int | float | bytes | None
Row = tuple[str, int, Stored]
"""Name, shape and value."""


class Shape(IntEnum):
    ONE = 0
    ITEM = 1
    """Of a list."""
    LIST = 2
    """Its value is how many items it has."""
    TABLE = 3


def rows_of(
    front: Mapping[str, Any], authors: Sequence[str], told: Collection[str] = TOLD
) -> tuple[Row, ...]:
    """But for keys that are `told` otherwise. The same text twice in a list is one row."""
    named = _named(AUTHORS, list(authors)) if authors else ()
    keys = sorted(key for key in front if key not in told)
    found = (*named, *(row for key in keys for row in _below(key, front[key], "")))
    return tuple(islice(dict.fromkeys(found), FIELDS))


def stored(value: object) -> Stored:
    """As it is compared; None for what cannot be."""
    if isinstance(value, bool):
        return b"\x01" if value else b"\x00"
    if isinstance(value, str):
        return value if len(value) <= TEXT else None
    return value if isinstance(value, int | float) else None


def _below(key: str, value: Any, above: str, depth: int = 1) -> Iterator[Row]:
    if not is_key(key):
        return
    name = f"{above}{key}"
    yield from _named(name, value)
    if isinstance(value, dict) and depth < PATH_PARTS:
        for inner in sorted(value):
            yield from _below(inner, value[inner], f"{name}.", depth + 1)


def _named(name: str, value: Any) -> Iterator[Row]:
    if isinstance(value, dict):
        yield name, Shape.TABLE, None
    elif isinstance(value, list):
        yield name, Shape.LIST, len(value)
        for item in value:
            if (kept := stored(item)) is not None:
                yield name, Shape.ITEM, kept
    else:
        yield name, Shape.ONE, stored(value)
