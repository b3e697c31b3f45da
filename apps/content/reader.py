"""A visitor's questions to the index of one commit, and a note of every fact that is handed out.

A fact can be asked again of another commit or moment: `ask` takes what `record` was given.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from enum import StrEnum
from typing import Any, Final, TypeVar

from apps.content import leading, lists, moments, owners, picture_rows, renderings, surroundings
from apps.content.listings import IndexedDocument, IndexedPicture, Listing, ListQuery, Section
from apps.content.menus import LINES, Line
from apps.content.moments import Execute
from apps.content.renderings import Body
from apps.content.rows import digest, document_of
from apps.content.search import finding
from apps.content.search.finding import Hits
from apps.content.slices import LARGE, marks, slices
from apps.content.surroundings import Below, Filed, Near, Neighbours

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
    NEIGHBOURS = "neighbours"
    RELATED = "related"
    BELOW = "below"
    FILED = "filed"
    PICTURE = "picture"
    RENDITION = "rendition"
    SEARCH = "search"


QUESTIONS: Final[Mapping[str, Callable[[Execute, str, str], tuple[Any, str]]]] = {
    Kind.LIST: lists.read,
    Kind.NEIGHBOURS: surroundings.neighbours,
    Kind.RELATED: surroundings.related,
    Kind.BELOW: surroundings.below,
    Kind.FILED: surroundings.filed,
    Kind.SEARCH: finding.read,
}
T = TypeVar("T")


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
            case Kind.SECTIONS:
                return digest([astuple(each) for each in self._sections()])
            case Kind.PICTURE | Kind.RENDITION:
                find = picture_rows.of_name if kind == Kind.PICTURE else picture_rows.of_blob
                return picture_rows.answer(find(self._execute, asked, self._now))
        if question := QUESTIONS.get(kind):
            return question(self._execute, asked, self._now)[1]
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
        """With what stands for all of it: a body is its blob's, as long as nothing else renders.
        What visitors may not read takes no address from what they may."""
        row = self._execute(
            "SELECT d.source, d.blob, d.url, d.kind, d.section, d.title, d.description, d.date,"  # noqa: S608
            " d.updated, d.authors, d.front, d.type, d.weight, d.sticky, d.markup, d.visibility,"
            " r.html, r.links FROM document d LEFT JOIN cache.rendering r"
            " ON r.blob = d.blob AND r.markup = d.markup AND r.renderer = ?"
            f" WHERE d.url = ? AND {moments.shown('d')} ORDER BY d.source LIMIT 1",
            (renderer, url, self._now, self._now),
        ).fetchone()
        if row is None:
            return None, ""
        *known, html, links = row
        body = renderings.decode(html, links) if html is not None else None
        terms = self._terms(row[0])
        return document_of(known, terms=terms, body=body), digest((*known, terms))

    def bodies(self, sources: Sequence[str], renderer: str) -> dict[str, tuple[str, Body | None]]:
        """source → markup, and the body where it is rendered. No facts: who asks has those of the
        documents."""
        among = marks(sources)
        rows = self._execute(
            "SELECT d.source, d.markup, r.html, r.links FROM document d"  # noqa: S608
            " LEFT JOIN cache.rendering r"
            " ON r.blob = d.blob AND r.markup = d.markup AND r.renderer = ?"
            f" WHERE d.source IN ({among})",
            (renderer, *sources),
        )
        return {
            source: (markup, None if html is None else renderings.decode(html, links))
            for source, markup, html, links in rows
        }

    def original(self, source: str) -> str:
        """The text of a document as its author wrote it."""
        row = self._execute("SELECT content FROM original WHERE source = ?", (source,)).fetchone()
        return bytes(row[0]).decode() if row else ""

    def alias(self, key: str) -> str | None:
        """Where an old path leads in the end: an address, or a URL of another site."""
        found = self._alias(key)
        self._record(Kind.ALIAS, key, found)
        return found or None

    def _alias(self, key: str) -> str:
        return leading.end(self._execute, key, self._now)

    def asset(self, url: str) -> tuple[str, int] | None:
        """(blob, bytes) of the file at `url`, which may stand beside a page bundle's document;
        what stands beside a hidden one is hidden with it."""
        found = self._asset(url)
        self._record(Kind.ASSET, url, _asset_answer(found))
        return found

    def _asset(self, url: str) -> tuple[str, int] | None:
        query = "SELECT blob, size, source, shown_from FROM asset WHERE url = ? ORDER BY source"
        rows = self._execute(query, (url,)).fetchall() or self._bundled_asset(url)
        for blob, size, source, shown_from in rows:
            if shown_from <= self._now and not self._beside_hidden(source):
                return str(blob), int(size)
        return None

    def listing(self, query: ListQuery, page: int) -> Listing:
        """One page of a list. A section without documents of its own lists all below it."""
        asked = lists.asked(query, page)
        found, answer = lists.read(self._execute, asked, self._now)
        self._record(Kind.LIST, asked, answer)
        return found

    def targets(self, sources: Sequence[str]) -> dict[str, str]:
        """source → URL, of the documents and assets that a body links to and visitors may see."""
        found = self._targets(sources)
        for source in sources:
            self._record(Kind.LINK, source, found.get(source, ""))
        return found

    def _targets(self, sources: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in slices(sources, LARGE):
            found |= self._some_targets(part)
        return found

    def _some_targets(self, sources: Sequence[str]) -> dict[str, str]:
        among = marks(sources)
        rows = self._execute(
            f"SELECT source, url FROM document WHERE {moments.shown()}"  # noqa: S608
            f" AND source IN ({among}) UNION ALL"
            f" SELECT source, url FROM asset WHERE shown_from <= ? AND source IN ({among})",
            (self._now, self._now, *sources, self._now, *sources),
        )
        return dict(rows)

    def pictures(self, names: Sequence[str]) -> Mapping[str, IndexedPicture]:
        """Files by path in the repository, or by address where a name begins with a slash."""
        found = picture_rows.named(self._execute, names, self._now)
        for name in names:
            told = (found[name],) if name in found else ()
            self._record(Kind.PICTURE, name, picture_rows.answer(told))
        return found

    def pictures_of(self, blob: str) -> tuple[IndexedPicture, ...]:
        """All files that hold these bytes."""
        found = picture_rows.of_blob(self._execute, blob, self._now)
        self._record(Kind.RENDITION, blob, picture_rows.answer(found))
        return found

    def neighbours(self, document: IndexedDocument) -> Neighbours:
        """What comes before and after a document in its section's list."""
        asked = surroundings.beside(document)
        return self._told(Kind.NEIGHBOURS, surroundings.neighbours, asked)

    def related(self, document: IndexedDocument, most: int) -> tuple[Near, ...]:
        """Other pages that share its terms."""
        return self._told(Kind.RELATED, surroundings.related, surroundings.like(document, most))

    def below(self, section: str) -> tuple[Below, ...]:
        """The sections right below one."""
        return self._told(Kind.BELOW, surroundings.below, section)

    def filed(self, taxonomy: str) -> tuple[Filed, ...]:
        """The terms of a taxonomy, by their addresses."""
        return self._told(Kind.FILED, surroundings.filed, taxonomy)

    def search(self, text: str, page: int, page_size: int, language: str) -> Hits:
        """What a visitor finds; `language` is that of documents which name none."""
        asked = finding.asked(text, page, page_size, language)
        return self._told(Kind.SEARCH, finding.read, asked)

    def _told(self, kind: Kind, ask: Callable[[Execute, str, str], tuple[T, str]], asked: str) -> T:
        found, answer = ask(self._execute, asked, self._now)
        self._record(kind, asked, answer)
        return found

    def menu_lines(self) -> list[Line]:
        """What documents say of menus. No fact: it is on every page, or on none."""
        rows = self._execute(
            "SELECT m.menu, m.name, m.title, d.url, m.parent, m.weight"  # noqa: S608
            " FROM menu_item m CROSS JOIN document d ON d.source = m.source"
            f" WHERE {moments.shown('d')} ORDER BY m.weight, m.source, m.menu LIMIT ?",
            (self._now, self._now, LINES),
        ).fetchall()
        names = ("menu", "name", "title", "url", "parent", "weight")
        return [Line(**dict(zip(names, row, strict=True))) for row in rows]

    def sections(self) -> list[Section]:
        """All sections that have a document of their own, but the front page, by URL."""
        found = self._sections()
        self._record(Kind.SECTIONS, "", digest([astuple(each) for each in found]))
        return found

    def _sections(self) -> list[Section]:
        rows = self._execute(
            "SELECT title, url, section FROM document WHERE kind = 'section' AND section != ''"  # noqa: S608
            f" AND {moments.shown()} ORDER BY url, source",
            (self._now, self._now),
        ).fetchall()
        return [Section(*row) for row in rows]

    def next_moment(self) -> str | None:
        """When visitors may read more or less than they may now, if nothing is synced."""
        return moments.following(self._execute, self._now)

    def last_moment(self) -> str | None:
        """Since when they may read what they may read now, and nothing else."""
        return moments.last(self._execute, self._now)

    def _bundled_asset(self, url: str) -> list[tuple[str, int, str, str]]:
        folder, _, name = url.rpartition("/")
        return self._execute(
            "SELECT a.blob, a.size, a.source, a.shown_from FROM document d JOIN asset a"  # noqa: S608
            " ON a.source = replace(d.source, 'index.md', '') || ?"
            " WHERE d.url = ? AND d.source LIKE '%/index.md'"
            f" AND {moments.shown('d')} ORDER BY d.source LIMIT 1",
            (name, f"{folder}/", self._now, self._now),
        ).fetchall()

    def _beside_hidden(self, source: str) -> bool:
        return owners.is_beside_hidden(self._execute, source, self._now)

    def _terms(self, source: str) -> tuple[tuple[str, str, str], ...]:
        rows = self._execute(
            "SELECT taxonomy, slug, name FROM term WHERE source = ? ORDER BY id", (source,)
        )
        return tuple(rows)


def _asset_answer(found: tuple[str, int] | None) -> str:
    return f"{found[0]}:{found[1]}" if found else ""
