"""A filter as a condition of SQL on the row `d` of a document. Pure.

Names and values of an author are parameters, always; what is put together here are words of ours.
Each part is true or false and never unknown, so that it can be negated.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from apps.content.entries import UNWEIGHTED
from apps.content.queries.fields import AUTHORS, Shape, stored
from apps.content.queries.tree import (
    Among,
    Both,
    Either,
    Every,
    Field,
    Filter,
    Form,
    Kind,
    Not,
    OfField,
    Order,
    Present,
    Range,
    Scalar,
    Sized,
    Than,
)
from apps.content.slices import marks

Condition = tuple[str, tuple[Any, ...]]
"""SQL and its parameters."""

NEVER: Final[Condition] = ("0", ())
SIGNS: Final = {
    Than.GREATER: ">",
    Than.GREATER_OR_EQUAL: ">=",
    Than.LESS: "<",
    Than.LESS_OR_EQUAL: "<=",
}
ABSENT: Final = {
    **dict.fromkeys(("description", "date", "updated", "type"), "''"),
    "weight": str(UNWEIGHTED),
}
"""How a column says that there is nothing; other columns always have something."""
WITHIN: Final = "d.id IN (SELECT document FROM field WHERE name = ?"
FILED: Final = "d.source IN (SELECT source FROM term WHERE taxonomy = ?"


def condition(filter_: Filter) -> Condition:
    match filter_:
        case Both(inner):
            return _joined("AND", map(condition, inner), "1")
        case Either(inner):
            return _joined("OR", map(condition, inner), "0")
        case Not(inner):
            sql, values = condition(inner)
            return f"NOT ({sql})", values
    if filter_.field.kind is Kind.TERMS:
        return _of_terms(filter_)
    if filter_.field.form in (None, Form.NAMES):
        return _of_fields(filter_, _name(filter_.field))
    return _of_column(filter_)


def order_by(order: Sequence[Order]) -> Condition:
    """After all of them documents are in the order of their sources."""
    parts = [_ordered(each) for each in order]
    values = tuple(value for _, more in parts for value in more)
    return ", ".join([*(sql for sql, _ in parts), "d.source"]), values


def _joined(word: str, parts: Iterable[Condition], empty: str) -> Condition:
    found = list(parts)
    values = tuple(value for _, more in found for value in more)
    return f" {word} ".join(f"({sql})" for sql, _ in found) or empty, values


def _of_column(filter_: OfField) -> Condition:
    name = filter_.field.name
    there = f"d.{name} != {ABSENT[name]}" if name in ABSENT else "1"
    match filter_:
        case Among(field, values):
            fitting = tuple(value for value in values if _fits(field, value))
            return f"{there} AND d.{name} IN ({marks(fitting)})", fitting
        case Range(field, than, value):
            if not _fits(field, value) or isinstance(value, bool):
                return NEVER
            return f"{there} AND d.{name} {SIGNS[than]} ?", (value,)
        case Present():
            return there, ()
        case Sized(field, size) if field.form in (Form.TEXT, Form.DATE):
            return f"{there} AND length(CAST(d.{name} AS BLOB)) = ?", (size,)
    return NEVER


def _of_terms(filter_: OfField) -> Condition:
    taxonomy = filter_.field.name
    match filter_:
        case Among(_, values):
            slugs = tuple(value for value in values if isinstance(value, str))
            return f"{FILED} AND slug IN ({marks(slugs)}))", (taxonomy, *slugs)
        case Every(_, values) if all(isinstance(value, str) for value in values):
            each = [(f"{FILED} AND slug = ?)", (taxonomy, value)) for value in values]
            return _joined("AND", [(f"{FILED})", (taxonomy,)), *each], "1")
        case Present():
            return f"{FILED})", (taxonomy,)
        case Sized(_, size):
            return f"{FILED} GROUP BY source HAVING count(*) = ?)", (taxonomy, size)
    return NEVER


def _of_fields(filter_: OfField, name: str) -> Condition:
    match filter_:
        case Among(_, values):
            kept = [stored(value) for value in values]
            return f"{WITHIN} AND value IN ({marks(kept)}) AND shape <= {Shape.ITEM:d})", (
                name,
                *kept,
            )
        case Every(_, values):
            each = [
                (f"{WITHIN} AND value = ? AND shape = {Shape.ITEM:d})", (name, stored(value)))
                for value in values
            ]
            a_list = (f"{WITHIN} AND shape = {Shape.LIST:d})", (name,))
            return _joined("AND", [a_list, *each], "1")
        case Range(_, than, value):
            return _field_range(name, than, value)
        case Present():
            return f"{WITHIN} AND shape != {Shape.ITEM:d})", (name,)
        case Sized(_, size):
            a_text = "typeof(value) = 'text' AND length(CAST(value AS BLOB)) = ?"
            return (
                f"{WITHIN} AND (shape = {Shape.LIST:d} AND value = ?"
                f" OR shape = {Shape.ONE:d} AND {a_text}))",
                (name, size, size),
            )


def _field_range(name: str, than: Than, value: Scalar) -> Condition:
    """SQLite has nothing before numbers, then texts, then bytes: each kind ends where the next
    begins."""
    if isinstance(value, bool):
        return NEVER
    upward = than in (Than.GREATER, Than.GREATER_OR_EQUAL)
    if isinstance(value, str):
        end = "AND value < x''" if upward else "AND value >= ''"
    else:
        end = "AND value < ''" if upward else ""
    sql = f"{WITHIN} AND value {SIGNS[than]} ? {end} AND shape = {Shape.ONE:d})"
    return sql, (name, stored(value))


def _ordered(order: Order) -> Condition:
    name, down = order.field.name, " DESC" if order.descending else ""
    if order.field.kind is Kind.META:
        value = (
            "(SELECT value FROM field f INDEXED BY field_document WHERE f.document = d.id"  # noqa: S608
            f" AND f.name = ? AND f.shape = {Shape.ONE:d})"
        )
        return f"{value} IS NULL, {value}{down}", (name, name)
    alike = " COLLATE NOCASE" if order.field.form is Form.TEXT and name == "title" else ""
    # Nothing is before every text and after every weight, so that one way needs no word of it.
    if name in ABSENT and order.descending is (name == "weight"):
        return f"d.{name} = {ABSENT[name]}, d.{name}{down}", ()
    return f"d.{name}{alike}{down}", ()


def _fits(field: Field, value: Scalar) -> bool:
    """SQLite would make a number of a text, and a text of a number, to hold them together."""
    if field.form is Form.NUMBER:
        return type(value) in (int, float)
    if field.form is Form.TRUTH:
        return type(value) is bool
    return isinstance(value, str)


def _name(field: Field) -> str:
    return field.name if field.kind is Kind.META else AUTHORS
