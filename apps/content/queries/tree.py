"""A filter of a list as a tree of values: what can be asked, once it is decoded. Pure.

After the query language of MongoDB, in which authors write it. `{term}` in a text stands for a
variable of the route until `filling` puts the value in its place.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Scalar = str | int | float | bool


class Kind(StrEnum):
    """Where a field of a document stands."""

    COLUMN = "column"
    META = "meta"
    TERMS = "terms"


class Form(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    TRUTH = "truth"
    NAMES = "names"


COLUMNS: Final = {
    "url": Form.TEXT,
    "section": Form.TEXT,
    "kind": Form.TEXT,
    "title": Form.TEXT,
    "description": Form.TEXT,
    "date": Form.DATE,
    "updated": Form.DATE,
    "authors": Form.NAMES,
    "type": Form.TEXT,
    "weight": Form.NUMBER,
    "sticky": Form.TRUTH,
}


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is a column, a path into the front matter, or a taxonomy."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return self.name if self.kind is Kind.COLUMN else f"{self.kind}.{self.name}"

    @property
    def form(self) -> Form | None:
        """None where only the value tells."""
        if self.kind is Kind.COLUMN:
            return COLUMNS[self.name]
        return Form.NAMES if self.kind is Kind.TERMS else None


class Than(StrEnum):
    GREATER = "$gt"
    GREATER_OR_EQUAL = "$gte"
    LESS = "$lt"
    LESS_OR_EQUAL = "$lte"


@dataclass(frozen=True, slots=True)
class Among:
    """The field is one of the values, or a list that has one of them."""

    field: Field
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers are held against numbers and texts against texts; nothing else matches."""

    field: Field
    than: Than
    value: Scalar


@dataclass(frozen=True, slots=True)
class Every:
    """The field is a list that has all of the values."""

    field: Field
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Present:
    field: Field


@dataclass(frozen=True, slots=True)
class Sized:
    """The field is a list of so many, or a text of so many bytes."""

    field: Field
    size: int


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Filter"


@dataclass(frozen=True, slots=True)
class Both:
    """All of them; without any it is everything."""

    inner: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them; without any it is nothing."""

    inner: tuple["Filter", ...]


OfField = Among | Range | Every | Present | Sized
Filter = OfField | Not | Both | Either

EVERYTHING: Final = Both(())
NOTHING: Final = Either(())


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by. Documents that lack it come last, either way."""

    field: Field
    descending: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.field}"


def column(name: str) -> Field:
    return Field(Kind.COLUMN, name)


def has_term(taxonomy: str, term: str) -> Among:
    """A term is told by its slug."""
    return Among(Field(Kind.TERMS, taxonomy), (term,))


def both(*filters: Filter) -> Filter:
    """All of them, without a level where none is needed."""
    flat = [
        each for given in filters for each in (given.inner if isinstance(given, Both) else (given,))
    ]
    return flat[0] if len(flat) == 1 else Both(tuple(flat))


def conditions(filter_: Filter) -> tuple[Filter, ...]:
    """Those that must all hold."""
    return filter_.inner if isinstance(filter_, Both) else (filter_,)


def term_of(filter_: Filter) -> tuple[str, str] | None:
    """Taxonomy and term by which it lists, if there is one that all must have."""
    for each in conditions(filter_):
        if isinstance(each, Among) and each.field.kind is Kind.TERMS and len(each.values) == 1:
            return each.field.name, str(each.values[0])
    return None


def fields_in(filter_: Filter) -> frozenset[Field]:
    """All that it asks about."""
    match filter_:
        case Both(inner) | Either(inner):
            return frozenset().union(*map(fields_in, inner))
        case Not(inside):
            return fields_in(inside)
        case _:
            return frozenset({filter_.field})
