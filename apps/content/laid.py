"""A document as it would be if it were saved now, laid over the index of one commit for a reading.

Lists and menus show what is saved.
"""

import posixpath
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from apps.content.entries import Entry
from apps.content.index import Index, Reads
from apps.content.listings import IndexedDocument
from apps.content.owners import BUNDLE, is_own
from apps.content.reader import Reader, Record
from apps.content.renderings import Body
from apps.content.rows import SUMMARY, digest, document_of
from apps.content.slices import marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """`beside` is the address below which files are to be had that visitors are not shown."""

    document: IndexedDocument
    text: str
    beside: str


def laid(entry: Entry, body: Body, text: str, beside: str) -> Laid | None:
    """None for a file that is no document."""
    row = entry.document
    if row is None:
        return None
    names = (*SUMMARY.split(", "), "markup", "visibility")
    terms = tuple((term.taxonomy, term.slug, term.name) for term in entry.terms)
    document = document_of([getattr(row, name) for name in names], terms=terms, body=body)
    return Laid(document=document, text=text, beside=beside)


class LaidIndex(Index):
    """Reads as another index, with one document in its place."""

    def __init__(self, index: Index, document: Laid) -> None:
        self._below, self._laid = index, document

    @contextmanager
    def snapshot(
        self, record: Record, now: str | None = None, reads: Reads = Reader
    ) -> Iterator[Reader]:
        with self._below.snapshot(record, now, partial(LaidReader, self._laid)) as reader:
            yield reader


class LaidReader(Reader):
    def __init__(
        self, document: Laid, connection: sqlite3.Connection, record: Record, now: str
    ) -> None:
        super().__init__(connection, record, now)
        self._laid = document

    def original(self, source: str) -> str:
        return self._laid.text if self._is_it(source) else super().original(source)

    def _document(self, url: str, renderer: str) -> tuple[IndexedDocument | None, str]:
        found = self._laid.document
        if url != found.url:
            return super()._document(url, renderer)
        found = found if found.date else replace(found, date=self._date())
        return found, digest((found.source, self._laid.text))

    def _date(self) -> str:
        """Of a document that Git dates: as it is, or would be if it were new."""
        query = "SELECT date FROM document WHERE source = ?"
        row = self._execute(query, (self._laid.document.source,)).fetchone()
        return str(row[0]) if row and row[0] else self._now

    def _targets(self, sources: Sequence[str]) -> dict[str, str]:
        found = super()._targets(sources)
        own = [each for each in sources if is_beside(self._laid.document.source, each)]
        query = f"SELECT source, shown_from FROM asset WHERE source IN ({marks(own)})"  # noqa: S608
        for source, shown_from in self._execute(query, own) if own else ():
            if shown_from > self._now or self._beside_hidden(source):
                found[source] = self._laid.beside + quote(source)
        return found

    def _is_it(self, source: str) -> bool:
        return source == self._laid.document.source


class _FileReader(Reader):
    def file(self, document: str, source: str) -> tuple[str, int] | None:
        if not is_own(self._execute, document, source):
            return None
        row = self._execute("SELECT blob, size FROM asset WHERE source = ?", (source,)).fetchone()
        return (str(row[0]), int(row[1])) if row else None


def file_beside(index: Index, document: str, source: str) -> tuple[str, int] | None:
    """(blob, bytes) of a file in the folder of a document, whether visitors are shown it or not. A
    folder in it that has documents is not its own."""
    if not is_beside(document, source):
        return None
    with index.snapshot(lambda *_: None, reads=_FileReader) as reader:
        assert isinstance(reader, _FileReader)
        return reader.file(document, source)


def is_beside(document: str, source: str) -> bool:
    """Whether a file is in the folder that is a document's own."""
    folder, name = posixpath.split(document)
    return name.startswith(BUNDLE) and source.startswith(f"{folder}/")
