"""Read-only connections to the index, one for each thread, and its read transactions.

The read half's only way to documents.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.content import dates
from apps.content.files import ContentFiles
from apps.content.owners import visibility_of_file
from apps.content.pointer import Pointer, read_pointer
from apps.content.problems import Problem
from apps.content.reader import Reader, Record
from apps.content.renderings import Source
from apps.content.search.finding import Hits, find

BUSY_SECONDS = 5.0
Reads = Callable[[sqlite3.Connection, Record, str], Reader]
"""What makes a reader of a transaction."""


class Index:
    """Opens the index for reading: one connection a thread, made again when the file is another."""

    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self._local = threading.local()
        self._rendered: tuple[object, int] = (None, 0)

    @contextmanager
    def snapshot(
        self, record: Record, now: str | None = None, reads: Reads = Reader
    ) -> Iterator[Reader]:
        """A read transaction, of what visitors may read at a moment (`dates`), or by the clock.
        Raises sqlite3.Error when the index is gone or damaged."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield reads(connection, record, now or dates.from_timestamp(int(time.time())))
        finally:
            connection.execute("ROLLBACK")

    def pointer(self) -> Pointer | None:
        return read_pointer(self._connection())

    def kept(self) -> dict[str, bytes]:
        """source → bytes of the files that other apps read."""
        rows = self._connection().execute("SELECT source, content FROM kept_file")
        return {source: bytes(content) for source, content in rows}

    def pointer_and_kept(self) -> tuple[Pointer | None, dict[str, bytes]]:
        """Both of one commit, whatever is applied meanwhile."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return self.pointer(), self.kept()
        finally:
            connection.execute("ROLLBACK")

    def state(self, source: str) -> tuple[str, str] | None:
        """Kind and visibility of a document."""
        row = self._connection().execute(
            "SELECT kind, visibility FROM document WHERE source = ?", (source,)
        )
        found: tuple[str, str] | None = row.fetchone()
        return found

    def visibility_of_file(self, source: str) -> str | None:
        """Of a file that is served as it is: that of its document, else public."""
        now = dates.from_timestamp(int(time.time()))
        return visibility_of_file(self._connection().execute, source, now)

    def states(self, limit: int) -> list[tuple[str, str, str]]:
        """Source, kind and visibility of documents, by source."""
        return (
            self._connection()
            .execute(
                "SELECT source, kind, visibility FROM document ORDER BY source LIMIT ?", (limit,)
            )
            .fetchall()
        )

    def problems(self, limit: int) -> tuple[list[Problem], int]:
        """The first of what is wrong with the site's files, and how much there is of it."""
        execute = self._connection().execute
        query = "SELECT path, line, code, reason FROM problem ORDER BY path, line, code LIMIT ?"
        found = [Problem(*row) for row in execute(query, (limit,))]
        return found, int(execute("SELECT count(*) FROM problem").fetchone()[0])

    def without_rendering(self, renderer: str, limit: int) -> list[Source]:
        """Documents whose body is not in the cache yet, newest first, each once;
        `path` is the blob. When there were none, only rows that came since are looked at."""
        execute = self._connection().execute
        file = (self._local.inode, renderer)
        above = self._rendered[1] if self._rendered[0] == file else 0
        last = int(execute("SELECT coalesce(max(id), 0) FROM document").fetchone()[0])
        rows = execute(
            "SELECT d.blob, d.markup, o.content FROM document d JOIN original o USING (source)"
            " WHERE source IN (SELECT m.source FROM document m"
            "  WHERE m.id > ? AND NOT EXISTS (SELECT 1 FROM cache.rendering r"
            "   WHERE r.blob = m.blob AND r.markup = m.markup AND r.renderer = ?)"
            "  ORDER BY m.date DESC, m.source LIMIT ?)"
            " ORDER BY d.date DESC, d.source",
            (above, renderer, limit),
        )
        found = {(blob, markup): bytes(content).decode() for blob, markup, content in rows}
        if not found:
            self._rendered = file, last
        return [Source(blob, markup, text) for (blob, markup), text in found.items()]

    def search(self, text: str, page: int, page_size: int, language: str = "") -> Hits:
        """Among all documents, for somebody who may see every one of them."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return find(connection.execute, text, page, page_size, language=language)[0]
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        inode = _inode(self._files.index)
        kept = getattr(self._local, "connection", None)
        if kept is not None and self._local.inode == inode:
            return kept  # type: ignore[no-any-return]
        if kept is not None:
            self._local.connection = None
            kept.close()
        self._local.connection, self._local.inode = self._open(), inode
        return self._local.connection  # type: ignore[no-any-return]

    def _open(self) -> sqlite3.Connection:
        connection = read_only(self._files)
        cache = f"{self._files.renderings.absolute().as_uri()}?mode=ro"
        connection.execute("ATTACH DATABASE ? AS cache", (cache,))
        connection.execute("PRAGMA query_only=ON")
        return connection


def read_only(files: ContentFiles) -> sqlite3.Connection:
    """Of the index alone. Raises sqlite3.Error."""
    place = f"{files.index.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _inode(path: Path) -> int:
    """0 where there is no such file."""
    try:
        return path.stat().st_ino
    except (FileNotFoundError, NotADirectoryError):
        return 0
