"""What a route lists, read from the index of one commit by one statement.

An empty list takes another one or two: a section without documents of its own lists all below it.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from apps.content import moments
from apps.content.listings import Listing, ListQuery
from apps.content.queries import encoding
from apps.content.queries.sql import condition, order_by
from apps.content.queries.tree import (
    Among,
    Every,
    Filter,
    Kind,
    column,
    conditions,
    fields_in,
    term_of,
)
from apps.content.rows import SUMMARY, digest, document_of

NAMES: Final = (*SUMMARY.split(", "), "markup")
"""The bodies of what is listed depend on the last one: it has to be part of the answer."""
UNSAID: Final = {"description": "''", "authors": "'[]'", "front": "'{}'"}
"""Of brief items."""
TERMS: Final = (
    "(SELECT json_group_array(json_array(taxonomy, slug, name)) FROM"
    " (SELECT taxonomy, slug, name FROM term t WHERE t.source = d.source ORDER BY t.id))"
)
NAME: Final = (
    "(SELECT t.name FROM term t JOIN document n USING (source)"  # noqa: S608
    " WHERE t.taxonomy = ? AND t.slug = ?"
    f" AND {moments.shown('n')} ORDER BY t.source LIMIT 1)"
)
NOW: Final = object()
"""In the place of the moment among the parameters of a statement."""
COMPILED: Final = 512
Execute = Callable[..., sqlite3.Cursor]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the parameters that it takes, but for how many rows to take and to pass over."""

    sql: str
    values: tuple[Any, ...]

    def at(self, now: str, *more: int) -> tuple[Any, ...]:
        return (*(now if value is NOW else value for value in self.values), *more)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query with its statements: of the list and of its length, of what a section has itself
    and, where there is a section, of all below it."""

    query: ListQuery
    own: tuple[Statement, Statement]
    below: tuple[Statement, Statement] | None


def asked(query: ListQuery, page: int) -> str:
    """What a recorded fact of a list asks for."""
    plain = [
        query.section,
        encoding.encoded(query.where),
        encoding.encoded_order(query.order),
        *(query.page_size, query.skip, query.limit, query.brief, query.terms),
    ]
    return f"{page} {json.dumps(plain, ensure_ascii=False, separators=(',', ':'))}"


def read(execute: Execute, asked: str, now: str) -> tuple[Listing, str]:
    """One page of a list as of a moment, with what stands for all of it."""
    number, _, query = asked.partition(" ")
    page, compiled = int(number), _compiled(query)
    total, rows = _rows(execute, compiled.query, compiled.own, page, now)
    if not total and compiled.below:
        total, rows = _rows(execute, compiled.query, compiled.below, page, now)
    name = rows[0][1] or "" if rows else ""
    pages = max(1, -(-total // compiled.query.page_size))
    items = tuple(
        document_of(row[3:], terms=tuple(map(tuple, json.loads(row[2] or "[]")))) for row in rows
    )
    return Listing(items, page, pages, total, name), digest((total, name, [r[2:] for r in rows]))


def _rows(
    execute: Execute,
    query: ListQuery,
    statements: tuple[Statement, Statement],
    page: int,
    now: str,
) -> tuple[int, list[Any]]:
    """How many there are on all pages, and those of one page."""
    listed, counted = statements
    before = (page - 1) * query.page_size
    wanted = query.page_size
    if query.limit is not None:
        wanted = min(wanted, query.limit - before)
    offset = query.skip + before
    rows = execute(listed.sql, listed.at(now, wanted, offset)).fetchall() if wanted > 0 else []
    found = rows[0][0] if rows else 0
    if not rows and offset:
        found = execute(counted.sql, counted.at(now)).fetchone()[0]
    total = max(0, found - query.skip)
    return (total if query.limit is None else min(total, query.limit)), rows


@lru_cache(maxsize=COMPILED)
def _compiled(plain: str) -> Compiled:
    """By what was recorded of it: there true is not 1, while as values of Python they are one."""
    section, where, order, page_size, skip, limit, brief, terms = json.loads(plain)
    query = ListQuery(
        section=section,
        where=encoding.decoded(where),
        order=encoding.decoded_order(order),
        page_size=page_size,
        skip=skip,
        limit=limit,
        brief=brief,
        terms=terms,
    )
    below = None if section is None else _statements(query, below=True)
    return Compiled(query, _statements(query, below=False), below)


def _statements(query: ListQuery, *, below: bool) -> tuple[Statement, Statement]:
    where, values = _where(query, below=below)
    count = f"SELECT count(*) FROM document d WHERE {where}"  # noqa: S608
    order, by = order_by(query.order)
    name, named = _named(query)
    terms = TERMS if query.terms else "NULL"
    names = [UNSAID.get(n, f"d.{n}") if query.brief else f"d.{n}" for n in NAMES]
    # What is listed is chosen first, so that nothing else of it is looked up or sorted; a cross
    # join keeps that order.
    chosen = f"SELECT d.id AS chosen FROM document d WHERE {where} ORDER BY {order}"  # noqa: S608
    sql = (
        f"SELECT ({count}), {name}, {terms}, {', '.join(names)}"  # noqa: S608
        f" FROM ({chosen} LIMIT ? OFFSET ?) CROSS JOIN document d ON d.id = chosen"
    )
    return Statement(sql, (*values, *named, *values, *by)), Statement(count, values)


def _named(query: ListQuery) -> tuple[str, tuple[Any, ...]]:
    """The term by which it lists, as a document writes it."""
    term = term_of(query.where)
    return (NAME, (*term, NOW, NOW)) if term else ("''", ())


def _where(query: ListQuery, *, below: bool) -> tuple[str, tuple[Any, ...]]:
    parts, values = [], []
    if column("kind") not in fields_in(query.where):
        # The unary plus keeps SQLite from walking the whole site by date where something else
        # finds few documents.
        few = (below and query.section) or any(map(_finds_few, conditions(query.where)))
        parts.append(f"{'+' if few else ''}d.kind = 'page'")
    parts.append(moments.shown("d"))
    values += [NOW, NOW]
    if query.section is not None and not below:
        parts.append("d.section = ?")
        values.append(query.section)
    elif query.section:
        parts.append("d.section >= ? AND d.section < ?")
        values += [f"{query.section}/", f"{query.section}0"]
    sql, more = condition(query.where)
    return " AND ".join([*parts, *([f"({sql})"] if more or sql != "1" else [])]), (*values, *more)


def _finds_few(filter_: Filter) -> bool:
    """Values have an index, and most documents have another value."""
    return isinstance(filter_, Among | Every) and filter_.field.kind is not Kind.COLUMN
