"""Brings the index from one commit to the next: one short transaction, the pointer last.

Called by a sync only, when everything has been parsed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields

from apps.content import schema
from apps.content.documents import (
    MODULUS,
    Alias,
    Asset,
    Document,
    Entry,
    KeptFile,
    Original,
    Term,
    row_digest,
)
from apps.content.files import ContentFiles
from apps.content.pointer import Pointer, read_pointer
from apps.content.problems import Problem

ROWS = {
    Document: "document",
    Alias: "alias",
    Term: "term",
    Asset: "asset",
    KeptFile: "kept_file",
    Original: "original",
    Problem: "problem",
}
SLICE = 500
TAKEN = {"document": "document.url-taken", "asset": "asset.url-taken"}
CASE = {"document": "document.url-case", "asset": "asset.url-case"}
REMEDY = {
    "document": "give this document another slug or path",
    "asset": "rename one of the files",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """`removed` are all sources whose rows go, the changed ones included; `whole` empties first."""

    whole: bool
    removed: Sequence[str]
    entries: Sequence[Entry]


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
        total += sum(row_digest(row) for entry in change.entries for row in entry.rows())
        return f"{total % MODULUS:064x}"

    def apply(self, change: IndexChange, pointer: Pointer) -> None:
        """All or nothing; readers see the old commit until it returns."""
        execute, executemany = self._connection.execute, self._connection.executemany
        execute("BEGIN IMMEDIATE")
        try:
            for kind, table in ROWS.items():
                key = "path" if kind is Problem else "source"
                if change.whole:
                    execute(f"DELETE FROM {table}")  # noqa: S608
                else:
                    removed = [(source,) for source in change.removed]
                    executemany(f"DELETE FROM {table} WHERE {key} = ?", removed)  # noqa: S608
                rows = [
                    astuple(row)
                    for entry in change.entries
                    for row in entry.rows()
                    if type(row) is kind
                ]
                executemany(_insert(table, kind), rows)
            execute("DELETE FROM pointer")
            execute(_insert("pointer", Pointer), astuple(pointer))
            execute(
                "INSERT INTO event (topic, commit_id) VALUES ('site.synced', ?)",
                (pointer.commit_id,),
            )
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK")
            raise

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
        """Files that claim one URL, or URLs that differ by case alone. Walks an index over URLs."""
        found: list[Problem] = []
        for table in ("document", "asset"):
            rows = self._connection.execute(
                f"SELECT json_group_array(json_array(url, source)) FROM {table}"  # noqa: S608
                " GROUP BY lower(url) HAVING count(*) > 1"
            )
            for (claims,) in rows:
                found += _clashes(table, json.loads(claims))
        return sorted(found)

    def _rows_of(self, sources: Sequence[str]) -> Iterable[object]:
        for kind, table in ROWS.items():
            key = "path" if kind is Problem else "source"
            query = f"SELECT {_names(kind)} FROM {table} WHERE {key} IN ({{}})"  # noqa: S608
            for row in self._each_slice(query, sources):
                yield kind(**dict(zip(_names(kind).split(", "), row, strict=True)))

    def _each_slice(self, query: str, values: Sequence[str]) -> Iterable[tuple[str, ...]]:
        for start in range(0, len(values), SLICE):
            part = values[start : start + SLICE]
            marks = ",".join("?" * len(part))
            yield from self._connection.execute(query.replace("{}", marks), part)


def _names(kind: type) -> str:
    return ", ".join(f.name for f in fields(kind))


def _insert(table: str, kind: type) -> str:
    marks = ", ".join("?" * len(fields(kind)))
    return f"INSERT INTO {table} ({_names(kind)}) VALUES ({marks})"  # noqa: S608


def _clashes(table: str, claims: list[list[str]]) -> Iterable[Problem]:
    """Of two documents for one URL the lowest source wins; the other is reported."""
    winners: dict[str, str] = {}
    for source, url in sorted((source, url) for url, source in claims):
        if url in winners:
            reason = f"{url} is taken by {winners[url]}; {REMEDY[table]}"
            yield Problem(source, 0, TAKEN[table], reason)
        elif winners:
            other = next(iter(winners))
            reason = f"{url} differs from {other} ({winners[other]}) by case alone"
            yield Problem(source, 0, CASE[table], reason)
        winners.setdefault(url, source)
