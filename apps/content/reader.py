"""A visitor's questions to the index of one commit, and a note of every fact that is handed out.

A fact can be asked again of another commit or moment: `ask` takes what `record` was given.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple
from enum import StrEnum
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

DIGEST_BYTES = 16

Record = Callable[[str, str, str], None]
"""Takes a fact: its kind, what was asked for, and what the answer was (empty: nothing)."""


class Kind(StrEnum):
    """What a fact of the index is about."""

    DOCUMENT = "document"
    ALIAS = "alias"
    ASSET = "asset"
    LINK = "link"
    LIST = "list"
    SECTIONS = "sections"


class NotAsked(ValueError):
    """No question of this kind is known."""


class Reader:
    """A visitor's questions to one commit: what policy keeps from them is not there. Every answer
    is recorded as a fact, absence too."""

    def __init__(self, connection: sqlite3.Connection, record: Record, now: str) -> None:
        self._now = now
        self._execute = connection.execute
        self._record = record
        self._connection = connection

    def ask(self, kind: str, asked: str) -> str:
        """What the answer to a recorded question is here. Raises NotAsked."""
        match kind:
            case Kind.DOCUMENT:
                return self._document(asked, "")[1]
            case Kind.ALIAS:
                return self._alias(asked)
            case Kind.ASSET:
                return _asset_answer(self._asset(asked))
            case Kind.LINK:
                return self._targets([asked]).get(asked, "")
            case Kind.LIST:
                return self._listing(*_decoded(asked))[1]
            case Kind.SECTIONS:
                return _digest([astuple(each) for each in self._sections()])
        raise NotAsked(kind)

    def commit(self) -> str:
        row = self._execute("SELECT commit_id FROM pointer").fetchone()
        return str(row[0]) if row else ""

    def document(self, url: str, renderer: str) -> IndexedDocument | None:
        """The document that answers at `url`, with its body where that is rendered already."""
        found, answer = self._document(url, renderer)
        self._record(Kind.DOCUMENT, url, answer)
        return found

    def _document(self, url: str, renderer: str) -> tuple[IndexedDocument | None, str]:
        """With what stands for all of it: a body is its blob's, as long as nothing else renders."""
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
        if row is None:
            return None, ""
        body = renderings.decode(row[13], row[14]) if row[13] is not None else None
        terms = self._terms(row[0])
        return _found(row, terms=terms, body=body), _digest((*row[:13], terms))

    def original(self, source: str) -> str:
        """The text of a document as its author wrote it."""
        row = self._execute("SELECT content FROM original WHERE source = ?", (source,)).fetchone()
        return bytes(row[0]).decode() if row else ""

    def alias(self, key: str) -> str | None:
        """The URL that an old path leads to; of several documents' the lowest source's."""
        found = self._alias(key)
        self._record(Kind.ALIAS, key, found)
        return found or None

    def _alias(self, key: str) -> str:
        row = self._execute(
            "SELECT d.url FROM alias a JOIN document d USING (source)"
            " WHERE a.url = ? AND d.shown_from <= ? ORDER BY a.source LIMIT 1",
            (key, self._now),
        ).fetchone()
        return str(row[0]) if row else ""

    def asset(self, url: str) -> tuple[str, int] | None:
        """(blob, bytes) of the file at `url`, which may stand beside a page bundle's document;
        what stands beside a hidden one is hidden with it."""
        found = self._asset(url)
        self._record(Kind.ASSET, url, _asset_answer(found))
        return found

    def _asset(self, url: str) -> tuple[str, int] | None:
        row = self._execute(
            "SELECT blob, size, source, shown_from FROM asset WHERE url = ?"
            " ORDER BY source LIMIT 1",
            (url,),
        ).fetchone() or self._bundled_asset(url)
        if row is not None and (row[3] > self._now or self._beside_hidden(row[2])):
            row = None
        return (str(row[0]), int(row[1])) if row else None

    def listing(self, query: ListQuery, page: int) -> Listing:
        """One page of a list. A section without documents of its own lists all below it."""
        found, answer = self._listing(query, page)
        self._record(Kind.LIST, _encoded(query, page), answer)
        return found

    def _listing(self, query: ListQuery, page: int) -> tuple[Listing, str]:
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
        pages = max(1, -(-total // query.page_size))
        listing = Listing(tuple(map(_found, rows)), page, pages, total, name)
        return listing, _digest((total, name, rows))

    def targets(self, sources: Sequence[str]) -> dict[str, str]:
        """source → URL, of the documents and assets that a body links to and visitors may see."""
        found = self._targets(sources)
        for source in sources:
            self._record(Kind.LINK, source, found.get(source, ""))
        return found

    def _targets(self, sources: Sequence[str]) -> dict[str, str]:
        marks = ",".join("?" * len(sources))
        rows = self._execute(
            f"SELECT source, url FROM document WHERE shown_from <= ?"  # noqa: S608
            f" AND source IN ({marks}) UNION ALL"
            f" SELECT source, url FROM asset WHERE shown_from <= ? AND source IN ({marks})",
            (self._now, *sources, self._now, *sources),
        )
        return dict(rows)

    def sections(self) -> list[Section]:
        """All sections that have a document of their own, but the front page, by URL."""
        found = self._sections()
        self._record(Kind.SECTIONS, "", _digest([astuple(each) for each in found]))
        return found

    def _sections(self) -> list[Section]:
        rows = self._execute(
            "SELECT title, url, section FROM document WHERE kind = 'section' AND section != ''"
            " AND shown_from <= ? ORDER BY url, source",
            (self._now,),
        ).fetchall()
        return [Section(*row) for row in rows]

    def next_moment(self) -> str | None:
        """When visitors may read something that they may not read yet, if nothing is synced."""
        return min(self._moments("min(shown_from)", ">"), default=None)

    def last_moment(self) -> str | None:
        """Since when they may read all that they may read now."""
        return max(self._moments("max(shown_from)", "<="), default=None)

    def _moments(self, which: str, than_now: str) -> list[str]:
        found = [
            self._execute(
                f"SELECT {which} FROM {table} WHERE shown_from > '' AND shown_from < '~'"  # noqa: S608
                f" AND shown_from {than_now} ?",
                (self._now,),
            ).fetchone()[0]
            for table in ("document", "asset")
        ]
        return [each for each in found if each]

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


def _digest(answer: object) -> str:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    octets = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(octets, digest_size=DIGEST_BYTES).hexdigest()


def _asset_answer(found: tuple[str, int] | None) -> str:
    return f"{found[0]}:{found[1]}" if found else ""


def _encoded(query: ListQuery, page: int) -> str:
    return json.dumps([query.section, query.terms, query.order, query.page_size, page])


def _decoded(asked: str) -> tuple[ListQuery, int]:
    section, terms, order, page_size, page = json.loads(asked)
    named = tuple((taxonomy, slug) for taxonomy, slug in terms)
    return ListQuery(section=section, terms=named, order=order, page_size=page_size), page


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
