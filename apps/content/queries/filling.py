"""Puts the variables of a request into a filter. Pure.

What is put in is never looked into again, and a name of a taxonomy that comes of it stays a value.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from apps.content import dates
from apps.content.queries.bounds import TEXT
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
)

VARIABLE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,31})\}")


def fill(text: str, parameters: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: parameters.get(found[1], ""), text)


def filled(filter_: Filter, parameters: Mapping[str, str]) -> Filter:
    """What cannot be compared any more, such as a date that is none, matches nothing."""
    match filter_:
        case Both(inner):
            return Both(tuple(filled(each, parameters) for each in inner))
        case Either(inner):
            return Either(tuple(filled(each, parameters) for each in inner))
        case Not(inner):
            return Not(filled(inner, parameters))
        case Among(field, values):
            kept = (_value(field, value, parameters) for value in values)
            return Among(_field(field, parameters), tuple(v for v in kept if v is not None))
        case Every(field, values):
            found = [_value(field, value, parameters) for value in values]
            known = tuple(value for value in found if value is not None)
            whole = len(known) == len(found)
            return Every(_field(field, parameters), known) if whole else NOTHING
        case Range(field, than, value):
            new = _value(field, value, parameters)
            return NOTHING if new is None else Range(_field(field, parameters), than, new)
        case Present(field) | Sized(field):
            return replace(filter_, field=_field(field, parameters))


def _field(field: Field, parameters: Mapping[str, str]) -> Field:
    if field.kind is not Kind.TERMS or "{" not in field.name:
        return field
    return Field(Kind.TERMS, fill(field.name, parameters))


def _value(field: Field, value: Scalar, parameters: Mapping[str, str]) -> Scalar | None:
    if not isinstance(value, str) or "{" not in value:
        return value
    text = fill(value, parameters)
    if len(text) > TEXT:
        return None
    return dates.read_date(text) if field.form is Form.DATE else text
