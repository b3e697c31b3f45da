"""What a filter means, told by plain Python on a document's own values."""

from collections.abc import Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from apps.content.entries import UNWEIGHTED, Entry
from apps.content.queries.tree import (
    Among,
    Both,
    Either,
    Every,
    Field,
    Filter,
    Kind,
    Not,
    OfField,
    Order,
    Present,
    Range,
    Sized,
    Than,
)

MISSING = object()


class Documents:
    """Entries with their front matter as it was before it was text."""

    def __init__(self, given: Sequence[tuple[Entry, Mapping[str, Any]]]) -> None:
        self._given = given

    def matching(self, filter_: Filter, order: Sequence[Order]) -> list[str]:
        found = [(e, front) for e, front in self._given if _matches(filter_, e, front)]
        found.sort(key=lambda pair: pair[0].source)
        for each in reversed(order):
            key = cmp_to_key(lambda a, b, each=each: _compared(each, a, b))  # type: ignore[misc]
            found.sort(key=key)
        return [entry.source for entry, _ in found]


def _matches(filter_: Filter, entry: Entry, front: Mapping[str, Any]) -> bool:
    match filter_:
        case Both(inner):
            return all(_matches(each, entry, front) for each in inner)
        case Either(inner):
            return any(_matches(each, entry, front) for each in inner)
        case Not(inside):
            return not _matches(inside, entry, front)
    return _holds(filter_, _value(filter_.field, entry, front))


def _holds(filter_: OfField, value: Any) -> bool:
    match filter_:
        case Present():
            return value is not MISSING
        case Among(_, values):
            held = value if isinstance(value, list) else [value]
            return any(_same(one, other) for one in held for other in values)
        case Every(_, values):
            return isinstance(value, list) and all(
                any(_same(one, wanted) for one in value) for wanted in values
            )
        case Sized(_, size):
            if isinstance(value, str):
                return len(value.encode()) == size
            return isinstance(value, list) and len(value) == size
        case Range(_, than, bound):
            return _in_range(value, than, bound)


def _value(field: Field, entry: Entry, front: Mapping[str, Any]) -> Any:
    assert entry.document
    if field.kind is Kind.TERMS:
        return [t.slug for t in entry.terms if t.taxonomy == field.name] or MISSING
    if field.kind is Kind.META:
        found: Any = front
        for key in field.name.split("."):
            if not isinstance(found, dict) or key not in found:
                return MISSING
            found = found[key]
        return found
    held = getattr(entry.document, field.name)
    if field.name == "authors":
        return (
            list(entry.document.authors.strip("[]").replace('"', "").split(","))
            if (entry.document.authors != "[]")
            else MISSING
        )
    if field.name == "weight":
        return MISSING if held == UNWEIGHTED else held
    if field.name == "sticky":
        return bool(held)
    absent = field.name in ("date", "updated", "description", "type") and held == ""
    return MISSING if absent else held


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    alike = isinstance(one, str) == isinstance(other, str)
    return alike and isinstance(one, str | int | float) and bool(one == other)


def _in_range(value: Any, than: Than, bound: Any) -> bool:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (value, bound))
    if not numbers and not (isinstance(value, str) and isinstance(bound, str)):
        return False
    return bool(
        {
            Than.GREATER: lambda: value > bound,
            Than.GREATER_OR_EQUAL: lambda: value >= bound,
            Than.LESS: lambda: value < bound,
            Than.LESS_OR_EQUAL: lambda: value <= bound,
        }[than]()
    )


def _compared(order: Order, one: Any, other: Any) -> int:
    a, b = (_rank(_value(order.field, *pair), order) for pair in (one, other))
    if a is None or b is None:
        return (a is None) - (b is None)
    return ((a > b) - (a < b)) * (-1 if order.descending else 1)


def _rank(value: Any, order: Order) -> tuple[int, Any] | None:
    """Numbers, then texts, then false and true; None comes last either way."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        alike = value.translate(LOWER) if order.field.name == "title" else value
        return 1, alike
    return (0, value) if isinstance(value, int | float) else None


LOWER = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
"""SQLite takes only these letters for alike."""
