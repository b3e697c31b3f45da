"""A filter as its author wrote it, made a tree: hostile plain values in, all defects told. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apps.content import dates
from apps.content.queries.bounds import CHOICES, DEPTH, PARTS, TEXT
from apps.content.queries.names import UnknownField, field_named
from apps.content.queries.tree import (
    NOTHING,
    Among,
    Both,
    Either,
    Every,
    Field,
    Filter,
    Form,
    Kind,
    Not,
    Present,
    Range,
    Scalar,
    Sized,
    Than,
    both,
)

Place = tuple[str | int, ...]
Defect = tuple[Place, str]
"""Where in the filter, and what is wrong."""

TYPES: Final[Mapping[Form, tuple[type, ...]]] = {
    Form.TEXT: (str,),
    Form.DATE: (str,),
    Form.NAMES: (str,),
    Form.NUMBER: (int, float),
    Form.TRUTH: (bool,),
}
WANTED: Final = {
    Form.TEXT: "a text",
    Form.NAMES: "a text",
    Form.DATE: "a date such as 2026-03-26",
    Form.NUMBER: "a number",
    Form.TRUTH: "true or false",
}
GROUPS: Final = {"$and": Both, "$or": Either}


def decode(raw: object) -> tuple[Filter, tuple[Defect, ...]]:
    """The tree, and all that is wrong; with defects the tree matches nothing."""
    reading = _Reading()
    found = reading.filter_of(raw, (), 1)
    defects = tuple(reading.defects)
    return (NOTHING if defects else found), defects


class _Reading:
    def __init__(self) -> None:
        self.defects: list[Defect] = []
        self._left = PARTS

    def filter_of(self, raw: object, place: Place, depth: int) -> Filter:
        if type(raw) is not dict:
            return self._refused(place, "must be a table of fields")
        if depth > DEPTH:
            return self._refused(place, f"is nested over {DEPTH} levels deep")
        return both(*(self._entry(key, raw[key], (*place, key), depth) for key in sorted(raw)))

    def _entry(self, key: str, raw: object, place: Place, depth: int) -> Filter:
        if key in GROUPS:
            return self._group(key, raw, place, depth)
        if key.startswith("$"):
            known = ", ".join(GROUPS)
            return self._refused(place, f"is no operator here: {known} or the name of a field")
        if _is_below(key, raw):
            inner = {f"{key}.{name}": value for name, value in raw.items()}  # type: ignore[attr-defined]
            entries = ((n, (*place, n.rpartition(".")[2])) for n in sorted(inner))
            return both(*(self._entry(name, inner[name], at, depth) for name, at in entries))
        try:
            field = field_named(key)
        except UnknownField as error:
            return self._refused(place, str(error))
        return self._conditions(field, raw, place, depth)

    def _group(self, key: str, raw: object, place: Place, depth: int) -> Filter:
        if type(raw) is not list:
            return self._refused(place, "must be a list of tables")
        if not self._takes(len(raw), place):
            return NOTHING
        inner = tuple(self.filter_of(each, (*place, n), depth + 1) for n, each in enumerate(raw))
        return both(*inner) if key == "$and" else Either(inner)

    def _conditions(self, field: Field, raw: object, place: Place, depth: int) -> Filter:
        if type(raw) is not dict:
            return self._condition(field, "$eq", raw, place, depth)
        if not raw:
            return self._refused(place, "has no operator; write a value, or one such as $gte")
        return both(
            *(self._condition(field, op, raw[op], (*place, op), depth) for op in sorted(raw))
        )

    def _condition(self, field: Field, op: str, raw: object, place: Place, depth: int) -> Filter:
        if not self._takes(1, place):
            return NOTHING
        condition = OPERATORS.get(op)
        if condition is None:
            return self._refused(place, f"is no operator: {', '.join(sorted(OPERATORS))}")
        return condition(self, field, raw, place, depth)

    def equal(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        if type(raw) is list:
            return self._refused(place, "is one value; ask for several with $in or $all")
        return Among(field, self._values(field, [raw], place))

    def unequal(self, field: Field, raw: object, place: Place, depth: int) -> Filter:
        return Not(self.equal(field, raw, place, depth))

    def among(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        return Among(field, self._list(field, raw, place))

    def outside(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        return Not(Among(field, self._list(field, raw, place)))

    def every(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        return Every(field, self._list(field, raw, place))

    def exists(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        if type(raw) is not bool:
            return self._refused(place, "must be true or false")
        return Present(field) if raw else Not(Present(field))

    def size(self, field: Field, raw: object, place: Place, _: int) -> Filter:
        if type(raw) is not int:
            return self._refused(place, "must be a whole number")
        return Sized(field, raw)

    def negated(self, field: Field, raw: object, place: Place, depth: int) -> Filter:
        if type(raw) is not dict or len(raw) != 1:
            return self._refused(place, "must be a table with one operator")
        if depth > DEPTH:
            return self._refused(place, f"is nested over {DEPTH} levels deep")
        ((op, inner),) = raw.items()
        return Not(self._condition(field, op, inner, (*place, op), depth + 1))

    def compared(self, than: Than, field: Field, raw: object, place: Place) -> Filter:
        values = self._values(field, [raw], place)
        return Range(field, than, values[0]) if values else NOTHING

    def _list(self, field: Field, raw: object, place: Place) -> tuple[Scalar, ...]:
        if type(raw) is not list:
            self._refused(place, "must be a list of values")
            return ()
        if len(raw) > CHOICES:
            self._refused(place, f"has over {CHOICES} values")
            return ()
        return self._values(field, raw, place) if self._takes(len(raw), place) else ()

    def _values(self, field: Field, raw: list[Any], place: Place) -> tuple[Scalar, ...]:
        """Those that can be held against the field."""
        for value in raw:
            if type(value) not in (str, int, float, bool):
                self._refused(place, "must be a text, a number, true or false")
            elif field.form is not None and type(value) not in TYPES[field.form]:
                self._refused(place, f"must be {WANTED[field.form]}")
            elif type(value) is str and len(value) > TEXT:
                self._refused(place, f"is longer than {TEXT} characters")
            elif field.form is Form.DATE and "{" not in value and dates.read_date(value) is None:
                self._refused(place, f"must be {WANTED[Form.DATE]}")
        return tuple(in_form(field, v) for v in raw if type(v) in (str, int, float, bool))

    def _takes(self, parts: int, place: Place) -> bool:
        """A filter that is too large is told once."""
        before, self._left = self._left, self._left - parts
        if before >= 0 > self._left:
            self._refused(place, f"the filter has over {PARTS} conditions and values")
        return self._left >= 0

    def _refused(self, place: Place, reason: str) -> Filter:
        self.defects.append((place, reason))
        return NOTHING


Condition = Callable[[_Reading, Field, Any, Place, int], Filter]


def _than(than: Than) -> Condition:
    return lambda reading, field, raw, place, _: reading.compared(than, field, raw, place)


OPERATORS: Final[Mapping[str, Condition]] = {
    "$eq": _Reading.equal,
    "$ne": _Reading.unequal,
    "$in": _Reading.among,
    "$nin": _Reading.outside,
    "$all": _Reading.every,
    "$exists": _Reading.exists,
    "$size": _Reading.size,
    "$not": _Reading.negated,
    **{than.value: _than(than) for than in Than},
}


def in_form(field: Field, value: Scalar) -> Scalar:
    """A date as the index has it."""
    if field.form is Form.DATE and isinstance(value, str):
        return dates.read_date(value) or value
    return value


def _is_below(key: str, raw: object) -> bool:
    """TOML makes tables of the dots of `meta.level`."""
    within = key in (Kind.META, Kind.TERMS) or key.startswith("meta.")
    return within and type(raw) is dict and bool(raw) and not any(k.startswith("$") for k in raw)
