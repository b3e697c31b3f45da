"""Searches the index of one commit: two or three statements, whatever is asked.

A visitor finds what lists show at the moment, sections beside pages; whoever may see everything
finds everything.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content import moments
from apps.content.entries import REDIRECT
from apps.content.listings import IndexedDocument
from apps.content.moments import Execute
from apps.content.queries.sql import condition
from apps.content.rows import SUMMARY, digest, document_of
from apps.content.search import matching
from apps.content.search.bounds import EASY, PAGE_SIZE, PAGES, WEIGHED
from apps.content.search.decoding import decode, taxonomies_in, widened, words_of
from apps.content.search.query import Query, Term
from apps.content.search.snippets import Piece, has_marks, marked, snippet
from apps.content.searched import OPEN, TABLES, ranking
from apps.content.slices import marks
from apps.content.words import joined

Condition = tuple[str, tuple[Any, ...]]
Row = Sequence[Any]
_TERMS: Final = (
    "(SELECT json_group_array(json_array(taxonomy, slug, name)) FROM"
    " (SELECT taxonomy, slug, name FROM term t WHERE t.source = d.source ORDER BY t.id))"
)
INDEX: Final = "document_found"
_LISTED: Final = "d.date DESC, d.source"


@dataclass(frozen=True, slots=True)
class Hit:
    """A document, its title, and a part of its text, in pieces of which some are marked."""

    document: IndexedDocument
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of what was found, counted from 1; `total` is of all pages, `pages` of those that
    can be asked for. `widened`: nothing else was found than words that only begin so."""

    text: str
    hits: tuple[Hit, ...] = ()
    page: int = 1
    pages: int = 1
    total: int = 0
    widened: bool = False


def asked(text: str, page: int, page_size: int, language: str) -> str:
    """What a recorded fact of a search asks for."""
    return json.dumps([text, page, page_size, language], ensure_ascii=False)


def read(execute: Execute, asked: str, now: str) -> tuple[Hits, str]:
    """What visitors find at a moment, with what stands for all of it."""
    text, page, page_size, language = json.loads(asked)
    return find(execute, text, page, page_size, language=language, now=now)


def find(
    execute: Execute,
    text: str,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    *,
    language: str = "",
    now: str | None = None,
) -> tuple[Hits, str]:
    """Without `now` among all documents, whoever may read them."""
    query = decode(text, _taxonomies(execute, text, now), language)
    sight = Sight(now)
    size = max(1, min(page_size, PAGE_SIZE))
    page = max(1, min(page, PAGES))
    total, rows = _page(execute, query, sight, page, size)
    wider = None if total else widened(query)
    if wider:
        total, rows = _page(execute, wider, sight, page, size)
    words = words_of((wider if total and wider else query).terms)
    found = Hits(
        text=text,
        hits=tuple(_hit(row, words) for row in rows),
        page=page,
        pages=max(1, min(PAGES, -(-total // size))),
        total=total,
        widened=bool(wider and total),
    )
    return found, digest([total, found.widened, [row[1:] for row in rows]])


def _page(
    execute: Execute, query: Query, sight: "Sight", page: int, size: int
) -> tuple[int, list[Row]]:
    """How many there are, and the rows of one page: the text first, then terms and columns."""
    if query.is_empty:
        return 0, []
    among, values = _among(query, _weighing(execute, query, sight), sight)
    offset = (page - 1) * size
    order = f"f.score, {_LISTED}" if query.terms else _LISTED
    ids = [
        row[0]
        for row in execute(
            f"SELECT d.id FROM {among} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
            (*values, size, offset),
        )
    ]
    total = offset + len(ids)
    if len(ids) == size or not ids:
        total = execute(f"SELECT count(*) FROM {among}", values).fetchone()[0]  # noqa: S608
    return total, _rows(execute, ids, sight)


def _weighing(execute: Execute, query: Query, sight: "Sight") -> tuple[Term, ...]:
    """The terms that make the order: the rarest of many, where so much is found that to go through
    every place of each takes long. A word that half of all documents have weighs next to nothing in
    BM25, beside a rarer one."""
    if len(query.terms) <= WEIGHED or _count(execute, query, sight) <= EASY:
        return query.terms
    counts = [_count(execute, replace(query, terms=(term,)), sight) for term in query.terms]
    rarest = sorted(range(len(counts)), key=lambda at: (counts[at], at))[:WEIGHED]
    return tuple(query.terms[at] for at in sorted(rarest))


def _count(execute: Execute, query: Query, sight: "Sight") -> int:
    """Documents that have the words, whoever may see them among those of the tables."""
    sql, values = sight.matching("rowid", matching.wanted(query))
    return int(execute(f"SELECT count(*) FROM ({sql})", values).fetchone()[0])  # noqa: S608


def _among(query: Query, weighing: tuple[Term, ...], sight: "Sight") -> Condition:
    """What is searched, and its conditions."""
    parts = [sight.condition(), condition(query.where), *map(_path, query.paths)]
    if rest := tuple(term for term in query.terms if term not in weighing):
        sql, values = sight.matching("rowid", matching.wanted(replace(query, terms=rest)))
        parts.append((f"d.id IN ({sql})", values))
    if unwanted := matching.unwanted(query):
        sql, values = sight.matching("rowid", unwanted)
        parts.append((f"d.id NOT IN ({sql})", values))
    where = " AND ".join(f"({sql})" for sql, _ in parts)
    after = tuple(value for _, values in parts for value in values)
    if not query.terms:
        return f"document d WHERE {where}", after
    # The cross join keeps the order: first what has the words, then what of it may be seen. The
    # index has all that is needed for that, in a tenth of the pages that the rows take.
    sql, before = sight.matching(
        "rowid AS found, {ranking} AS score", matching.wanted(replace(query, terms=weighing))
    )
    join = f"({sql}) f CROSS JOIN document d INDEXED BY {INDEX} ON d.id = f.found"
    return f"{join} WHERE {where}", (*before, *after)


def _path(part: tuple[str, bool]) -> Condition:
    text, is_not = part
    sql = "instr(lower(d.source), ?) > 0 OR instr(lower(d.url), ?) > 0"
    return (f"NOT ({sql})" if is_not else sql), (text.lower(), text.lower())


def _rows(execute: Execute, ids: Sequence[int], sight: "Sight") -> list[Row]:
    names = ", ".join(f"d.{name}" for name in (*SUMMARY.split(", "), "markup"))
    each = [
        f"SELECT d.id, s.body, {_TERMS}, {names} FROM document d"  # noqa: S608
        f" JOIN {table} s ON s.rowid = d.id WHERE d.id IN ({marks(ids)})"
        for table in sight.tables
    ]
    rows = execute(" UNION ALL ".join(each), tuple(ids) * len(each)).fetchall() if ids else []
    known = {row[0]: row[1:] for row in rows}
    return [known[each] for each in ids if each in known]


def _hit(row: Row, words: Sequence[tuple[str, bool]]) -> Hit:
    body, terms, *columns = row
    document = document_of(columns, terms=tuple(map(tuple, json.loads(terms))))
    around = snippet(joined(body), words)
    if not has_marks(around) and document.description:
        around = snippet(document.description, words)
    return Hit(document, marked(document.title, words), around)


def _taxonomies(execute: Execute, text: str, now: str | None) -> tuple[str, ...]:
    """Those of the names in a query that some document has."""
    names = taxonomies_in(text)
    sql, values = Sight(now).condition()
    return tuple(
        name
        for name in names
        if execute(
            "SELECT EXISTS (SELECT 1 FROM term t CROSS JOIN document d"  # noqa: S608
            f" ON d.source = t.source WHERE t.taxonomy = ? AND {sql})",
            (name, *values),
        ).fetchone()[0]
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: a visitor at a moment, or without one somebody who may see everything."""

    now: str | None

    @property
    def tables(self) -> tuple[str, ...]:
        return TABLES if self.now is None else (OPEN,)

    def condition(self) -> Condition:
        if self.now is None:
            return "1", ()
        return f"d.kind != ? AND {moments.shown('d')}", (REDIRECT, self.now, self.now)

    def matching(self, columns: str, match: str) -> Condition:
        """Rows of the tables in which something is found."""
        each = [
            f"SELECT {columns.format(ranking=ranking(table))} FROM {table}"  # noqa: S608
            f" WHERE {table} MATCH ?"
            for table in self.tables
        ]
        return " UNION ALL ".join(each), (match,) * len(each)
