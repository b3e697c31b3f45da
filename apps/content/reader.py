"""A visitor's questions to the index of one commit, and a note of every fact that is handed out."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from apps.content import renderings
from apps.content.listings import NEWEST, IndexedDocument, Listing, ListQuery, Section
from apps.content.renderings import Body

SUMMARY = "source, blob, url, kind, section, title, description, date, updated, authors, front"
ORDER_BY = {
    NEWEST: "d.date DESC, d.source",
    "date": "d.date, d.source",
    "title": "d.title COLLATE NOCASE, d.source",
    "url": "d.url, d.source",
}

Record = Callable[[str, str, str], None]
"""Takes a fact: its kind, what was asked for, and what the answer was (empty: nothing)."""


class Reader:
    """A visitor's questions to one commit: what policy keeps from them is not there. Every answer
    is recorded as a fact, absence too."""

    def __init__(self, connection: sqlite3.Connection, record: Record, now: str) -> None:
        self._now = now
        self._execute = connection.execute
        self._record = record
        self._connection = connection

    def commit(self) -> str:
        row = self._execute("SELECT commit_id FROM pointer").fetchone()
        return str(row[0]) if row else ""

    def document(self, url: str, renderer: str) -> IndexedDocument | None:
        """The document that answers at `url`, with its body where that is rendered already."""
        row = self._execute(
            "SELECT d.source, d.blob, d.url, d.kind, d.section, d.title, d.description, d.date,"
            " d.updated, d.authors, d.front, d.markup, d.visibility, r.html, r.links, d.shown_from"
            " FROM document d LEFT JOIN cache.rendering r"
            " ON r.blob = d.blob AND r.markup = d.markup AND r.renderer = ?"
            " WHERE d.url = ? ORDER BY d.source LIMIT 1",
            (renderer, url),
        ).fetchone()
        if row is not None and row[15] > self._now:
            row = None
        self._record("document", url, f"{row[0]}:{row[1]}:{row[7]}" if row else "")
        if row is None:
            return None
        body = renderings.decode(row[13], row[14]) if row[13] is not None else None
        return _found(row, terms=self._terms(row[0]), body=body)

    def original(self, source: str) -> str:
        """The text of a document as its author wrote it."""
        row = self._execute("SELECT content FROM original WHERE source = ?", (source,)).fetchone()
        return bytes(row[0]).decode() if row else ""

    def alias(self, key: str) -> str | None:
        """The URL that an old path leads to; of several documents' the lowest source's."""
        row = self._execute(
            "SELECT d.url FROM alias a JOIN document d USING (source)"
            " WHERE a.url = ? AND d.shown_from <= ? ORDER BY a.source LIMIT 1",
            (key, self._now),
        ).fetchone()
        self._record("alias", key, row[0] if row else "")
        return str(row[0]) if row else None

    def asset(self, url: str) -> tuple[str, int] | None:
        """(blob, bytes) of the file at `url`, which may stand beside a page bundle's document;
        what stands beside a hidden one is hidden with it."""
        row = self._execute(
            "SELECT blob, size, source, shown_from FROM asset WHERE url = ?"
            " ORDER BY source LIMIT 1",
            (url,),
        ).fetchone() or self._bundled_asset(url)
        if row is not None and (row[3] > self._now or self._beside_hidden(row[2])):
            row = None
        self._record("asset", url, row[0] if row else "")
        return (str(row[0]), int(row[1])) if row else None

    def listing(self, query: ListQuery, page: int) -> Listing:
        """One page of a list. A section without documents of its own lists all below it."""
        where, values = self._where(query)
        total = self._count(where, values)
        if query.section is not None and not total:
            where, values = self._where(query, below=True)
            total = self._count(where, values)
        rows = (
            self._execute(
                f"SELECT {SUMMARY} FROM document d WHERE {where}"  # noqa: S608
                f" ORDER BY {ORDER_BY[query.order]} LIMIT ? OFFSET ?",
                (*values, query.page_size, (page - 1) * query.page_size),
            ).fetchall()
            if total
            else []
        )
        name = self._term_name(query)
        digest = hashlib.sha256(json.dumps([total, name, rows]).encode()).hexdigest()
        self._record("list", f"{query!r} {page}", digest)
        pages = max(1, -(-total // query.page_size))
        return Listing(tuple(map(_found, rows)), page, pages, total, name)

    def targets(self, sources: Sequence[str]) -> dict[str, str]:
        """source → URL, of the documents and assets that a body links to and visitors may see."""
        marks = ",".join("?" * len(sources))
        rows = self._execute(
            f"SELECT source, url FROM document WHERE shown_from <= ?"  # noqa: S608
            f" AND source IN ({marks}) UNION ALL"
            f" SELECT source, url FROM asset WHERE shown_from <= ? AND source IN ({marks})",
            (self._now, *sources, self._now, *sources),
        )
        found = dict(rows)
        for source in sources:
            self._record("link", source, found.get(source, ""))
        return found

    def sections(self) -> list[Section]:
        """All sections that have a document of their own, but the front page, by URL."""
        rows = self._execute(
            "SELECT title, url, section FROM document WHERE kind = 'section' AND section != ''"
            " AND shown_from <= ? ORDER BY url, source",
            (self._now,),
        ).fetchall()
        self._record("sections", "", hashlib.sha256(json.dumps(rows).encode()).hexdigest())
        return [Section(*row) for row in rows]

    def _bundled_asset(self, url: str) -> tuple[str, int, str, str] | None:
        folder, _, name = url.rpartition("/")
        row: tuple[str, int, str, str] | None = self._execute(
            "SELECT a.blob, a.size, a.source, a.shown_from FROM document d JOIN asset a"
            " ON a.source = replace(d.source, 'index.md', '') || ?"
            " WHERE d.url = ? AND d.source LIKE '%/index.md' ORDER BY d.source LIMIT 1",
            (name, f"{folder}/"),
        ).fetchone()
        return row

    def _beside_hidden(self, source: str) -> bool:
        bundle = f"{source.rpartition('/')[0]}/index.md"
        row = self._execute(
            "SELECT shown_from FROM document WHERE source = ?", (bundle,)
        ).fetchone()
        return row is not None and row[0] > self._now

    def _terms(self, source: str) -> tuple[tuple[str, str, str], ...]:
        rows = self._execute(
            "SELECT taxonomy, slug, name FROM term WHERE source = ? ORDER BY id", (source,)
        )
        return tuple(rows)

    def _term_name(self, query: ListQuery) -> str:
        if not query.terms:
            return ""
        row = self._execute(
            "SELECT t.name FROM term t JOIN document d USING (source)"
            " WHERE t.taxonomy = ? AND t.slug = ?"
            " AND d.shown_from <= ? ORDER BY source LIMIT 1",
            (*query.terms[0], self._now),
        ).fetchone()
        return str(row[0]) if row else ""

    def _where(self, query: ListQuery, *, below: bool = False) -> tuple[str, list[str]]:
        # Of all below a section, the unary plus keeps SQLite from walking the whole site by date.
        kind = "+d.kind" if below and query.section else "d.kind"
        where = [f"{kind} = 'page'", "d.shown_from <= ?"]
        values = [self._now]
        for term in query.terms:
            where.append("d.source IN (SELECT source FROM term WHERE taxonomy = ? AND slug = ?)")
            values += term
        if query.section is not None and below and query.section:
            where.append("d.section >= ? AND d.section < ?")
            values += (f"{query.section}/", f"{query.section}0")
        elif query.section is not None and not below:
            where.append("d.section = ?")
            values.append(query.section)
        return " AND ".join(where), values

    def _count(self, where: str, values: Sequence[str]) -> int:
        row = self._execute(f"SELECT count(*) FROM document d WHERE {where}", values)  # noqa: S608
        return int(row.fetchone()[0])


def _found(
    row: Sequence[Any],
    *,
    terms: tuple[tuple[str, str, str], ...] = (),
    body: Body | None = None,
) -> IndexedDocument:
    names = (*SUMMARY.split(", "), "markup", "visibility")
    values = dict(zip(names, row, strict=False))
    values["authors"] = tuple(json.loads(values["authors"]))
    values["front"] = json.loads(values["front"])
    return IndexedDocument(**values, terms=terms, body=body)
