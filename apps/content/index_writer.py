"""Brings the index from one commit to the next: one short transaction, the pointer last.

Called by a sync only, when everything has been parsed.
"""

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from typing import Any, NamedTuple

from apps.content import circles, clashes, field_rows, schema, vanishing
from apps.content.entries import (
    MODULUS,
    Alias,
    Asset,
    Document,
    Entry,
    KeptFile,
    MenuItem,
    Original,
    Row,
    Shown,
    Term,
    row_digest,
    values_of,
)
from apps.content.files import ContentFiles
from apps.content.pointer import Pointer, read_pointer
from apps.content.problems import Problem
from apps.content.search import filing
from apps.content.slices import marks, slices
from apps.runtime.outbox.keeping import keep

ROWS = {
    Document: "document",
    Alias: "alias",
    Term: "term",
    MenuItem: "menu_item",
    Asset: "asset",
    KeptFile: "kept_file",
    Original: "original",
    Problem: "problem",
}
Facts = Sequence[tuple[str, Mapping[str, Any]]]
"""Topics and payloads."""
SHOWN = {
    Document: "UPDATE document SET shown_from = ?1, shown_until = ?2 WHERE source = ?3",
    Asset: "UPDATE asset SET shown_from = ?1 WHERE source = ?3",
}
Places = tuple[set[clashes.Place], set[str]]
"""Of clashes, and of circles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """`removed` are all sources whose rows go, the changed ones included; `whole` empties first.
    `shown` is of rows that stay: when visitors may read them, where policy decides anew."""

    whole: bool
    removed: Sequence[str]
    entries: Sequence[Entry]
    shown: Mapping[str, Shown] = field(default_factory=dict)

    def rows(self) -> Iterable[Row]:
        return (row for entry in self.entries for row in entry.rows())


class Decided(NamedTuple):
    """What a decision on a row was made from, and what came of it. `kind` is empty of an asset."""

    source: str
    kind: str
    visibility: str
    publish: str
    expires: str
    shown: Shown


class IndexWriter:
    """Holds the one writing connection of a sync."""

    def __init__(self, files: ContentFiles) -> None:
        self._connection = schema.connect(files.index)

    def close(self) -> None:
        self._connection.close()

    def pointer(self) -> Pointer | None:
        return read_pointer(self._connection)

    def digest_after(self, change: IndexChange) -> str:
        """The sum of row digests that `apply` would leave behind. Cost follows the change."""
        before = self.pointer()
        total = 0
        if not change.whole:
            total = int(before.digest, 16) if before else 0
            total -= sum(row_digest(row) for row in self._rows_of(change.removed))
            total += sum(self._shifts(change.shown))
        total += sum(map(row_digest, change.rows()))
        return f"{total % MODULUS:064x}"

    def vanished(self, change: IndexChange) -> list[Problem]:
        """Addresses that `apply` would take from documents which stay."""
        removed = None if change.whole else change.removed
        return vanishing.vanished(self._connection, removed, change.entries)

    def apply(self, change: IndexChange, pointer: Pointer, *, facts: Facts = ()) -> None:
        """All or nothing; readers see the old commit until it returns. `facts` are kept with it,
        as is `site.synced`."""
        execute, executemany = self._connection.execute, self._connection.executemany
        with schema.writing(self._connection):
            before = self._places(change, change.removed)
            self._forget_derived(change)
            rows: dict[type, list[object]] = {kind: [] for kind in ROWS}
            for row in change.rows():
                rows[type(row)].append(row)
            for kind, table in ROWS.items():
                key = "path" if kind is Problem else "source"
                if change.whole:
                    execute(f"DELETE FROM {table}")  # noqa: S608
                else:
                    removed = [(source,) for source in change.removed]
                    executemany(f"DELETE FROM {table} WHERE {key} = ?", removed)  # noqa: S608
                if kind in SHOWN:
                    self._show(SHOWN[kind], change.shown)
                executemany(_insert(table, kind), map(values_of, rows[kind]))
            documents = [entry.source for entry in change.entries if entry.document]
            taxonomies = pointer.site_configuration().taxonomies
            field_rows.keep(self._connection, documents, taxonomies)
            filing.keep(self._connection, change.entries)
            filing.move(self._connection, change.shown)
            self._settle_clashes(change, before)
            execute("DELETE FROM pointer")
            execute(_insert("pointer", Pointer), astuple(pointer))
            where = {"commit": pointer.commit_id, "branch": pointer.branch}
            self._keep((("site.synced", where), *facts))

    def _show(self, statement: str, shown: Mapping[str, Shown]) -> None:
        moved = [(*when, source) for source, when in shown.items()]
        self._connection.executemany(statement, moved)

    def keep(self, facts: Facts) -> None:
        """Facts that come with no change of the rows."""
        with schema.writing(self._connection):
            self._keep(facts)

    def last_told(self, topics: str) -> Mapping[str, Any]:
        """The payload of the newest fact that is kept, of a topic like `release.*`."""
        query = "SELECT payload FROM event WHERE topic GLOB ? ORDER BY id DESC LIMIT 1"
        row = self._connection.execute(query, (topics,)).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def _keep(self, facts: Facts) -> None:
        for topic, payload in facts:
            keep(self._connection, topic, payload, time.time())

    def _forget_derived(self, change: IndexChange) -> None:
        for rows in (field_rows, filing):
            if change.whole:
                rows.forget_all(self._connection)
            else:
                rows.forget(self._connection, change.removed)

    def _places(self, change: IndexChange, sources: Sequence[str]) -> Places:
        """Where what these files say of addresses counts for others."""
        if change.whole:
            return set(), set()
        return clashes.places(self._connection, sources), circles.places(self._connection, sources)

    def _settle_clashes(self, change: IndexChange, before: Places) -> None:
        if change.whole:
            clashes.settle_all(self._connection)
            circles.settle_all(self._connection)
            return
        after = self._places(change, [entry.source for entry in change.entries])
        clashes.settle(self._connection, before[0] | after[0])
        circles.settle(self._connection, before[1] | after[1])

    def state(self, source: str) -> tuple[str, str] | None:
        """Kind and visibility of a document."""
        query = "SELECT kind, visibility FROM document WHERE source = ?"
        found: tuple[str, str] | None = self._connection.execute(query, (source,)).fetchone()
        return found

    def has_file(self, source: str) -> bool:
        """Whether it is served as it is."""
        query = "SELECT 1 FROM asset WHERE source = ?"
        return self._connection.execute(query, (source,)).fetchone() is not None

    def decided(self) -> Iterable[Decided]:
        """Every document and asset, by source."""
        rows = self._connection.execute(
            "SELECT source, kind, visibility, publish, expires, shown_from, shown_until"
            " FROM document UNION ALL"
            " SELECT source, '', '', '', '~', shown_from, '~' FROM asset ORDER BY source"
        )
        for source, kind, visibility, publish, expires, *shown in rows:
            yield Decided(source, kind, visibility, publish, expires, Shown(*shown))

    def kept(self) -> dict[str, tuple[str, bytes]]:
        """source → (blob, bytes) of the files that other apps read."""
        rows = self._connection.execute("SELECT source, blob, content FROM kept_file")
        return {source: (blob, bytes(content)) for source, blob, content in rows}

    def git_dates(self, sources: Sequence[str]) -> dict[str, str]:
        """source → date, of the documents whose date came from Git."""
        query = "SELECT source, date FROM document WHERE date_from = 'git' AND source IN ({})"
        return {source: date for source, date in self._each_slice(query, sources)}

    def blobs(self, sources: Sequence[str] | None = None) -> dict[str, str]:
        """source → blob of all files that the index knows, or of `sources`."""
        found: dict[str, str] = {}
        for table in ("document", "asset", "kept_file"):
            query = f"SELECT source, blob FROM {table}"  # noqa: S608
            rows = (
                self._connection.execute(query)
                if sources is None
                else self._each_slice(f"{query} WHERE source IN ({{}})", sources)
            )
            found |= {source: blob for source, blob in rows}
        return found

    def dated_by_git(self) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM document WHERE date_from = 'git')"
        return bool(self._connection.execute(query).fetchone()[0])

    def problems(self) -> list[Problem]:
        rows = self._connection.execute(f"SELECT {_names(Problem)} FROM problem")  # noqa: S608
        return sorted(Problem(*row) for row in rows)

    def clashes(self) -> list[Problem]:
        """Files that claim one URL, or URLs that differ by case alone, and redirects in a
        circle."""
        return clashes.listed(self._connection)

    def _shifts(self, shown: Mapping[str, Shown]) -> Iterable[int]:
        """What each row that is only shown otherwise adds to the digest."""
        for row in self._rows_of(list(shown), SHOWN):
            assert isinstance(row, Document | Asset)
            yield row_digest(_reshown(row, shown[row.source])) - row_digest(row)

    def _rows_of(
        self, sources: Sequence[str], kinds: Collection[type] = frozenset(ROWS)
    ) -> Iterable[object]:
        for kind, table in ROWS.items():
            if kind not in kinds:
                continue
            key = "path" if kind is Problem else "source"
            query = f"SELECT {_names(kind)} FROM {table} WHERE {key} IN ({{}})"  # noqa: S608
            for row in self._each_slice(query, sources):
                yield kind(**dict(zip(_names(kind).split(", "), row, strict=True)))

    def _each_slice(self, query: str, values: Sequence[str]) -> Iterable[tuple[str, ...]]:
        for part in slices(values):
            yield from self._connection.execute(query.replace("{}", marks(part)), part)


def _reshown(row: Document | Asset, shown: Shown) -> Document | Asset:
    """Nothing but a document ends at a moment."""
    if isinstance(row, Document):
        return replace(row, shown_from=shown.since, shown_until=shown.until)
    return replace(row, shown_from=shown.since)


def _names(kind: type) -> str:
    return ", ".join(f.name for f in fields(kind))


def _insert(table: str, kind: type) -> str:
    marks = ", ".join("?" * len(fields(kind)))
    return f"INSERT INTO {table} ({_names(kind)}) VALUES ({marks})"  # noqa: S608
