"""A filter as JSON-like values and back: as a recorded fact keeps it. Pure.

Only what was a tree is ever read back, so there is nothing to check.
"""

from typing import Any

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


def encoded(filter_: Filter) -> list[Any]:
    match filter_:
        case Both(inner):
            return ["and", *map(encoded, inner)]
        case Either(inner):
            return ["or", *map(encoded, inner)]
        case Not(inner):
            return ["not", encoded(inner)]
    return _of_one_field(filter_)


def _of_one_field(filter_: OfField) -> list[Any]:
    match filter_:
        case Among(field, values):
            return ["in", *_named(field), *values]
        case Every(field, values):
            return ["all", *_named(field), *values]
        case Range(field, than, value):
            return ["than", *_named(field), than.value, value]
        case Present(field):
            return ["exists", *_named(field)]
        case Sized(field, size):
            return ["size", *_named(field), size]


def decoded(plain: list[Any]) -> Filter:
    what, *rest = plain
    match what:
        case "and":
            return Both(tuple(map(decoded, rest)))
        case "or":
            return Either(tuple(map(decoded, rest)))
        case "not":
            return Not(decoded(rest[0]))
    field, values = Field(Kind(rest[0]), rest[1]), tuple(rest[2:])
    match what:
        case "in":
            return Among(field, values)
        case "all":
            return Every(field, values)
        case "than":
            return Range(field, Than(values[0]), values[1])
        case "exists":
            return Present(field)
    return Sized(field, values[0])


def encoded_order(order: tuple[Order, ...]) -> list[Any]:
    return [[*_named(each.field), each.descending] for each in order]


def decoded_order(plain: list[Any]) -> tuple[Order, ...]:
    return tuple(Order(Field(Kind(kind), name), down) for kind, name, down in plain)


def _named(field: Field) -> tuple[str, str]:
    return field.kind.value, field.name
