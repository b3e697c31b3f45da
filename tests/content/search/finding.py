"""A small index to search in, made by the index's own writer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from apps.content.entries import Entry
from apps.content.index_writer import IndexWriter
from apps.content.search.finding import Hits, find
from apps.content.words import Words, plain, spaced
from tests.content.entries import files, page

NOW = "2026-06-01T00:00:00Z"


def said(name: str, body: str = "", *, headings: str = "", **values: Any) -> Entry:
    """A document with these words."""
    entry = page(name, text=body or name, **values)
    return replace(entry, words=Words(spaced(plain(headings)), spaced(plain(body))))


@contextmanager
def writer(folder: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(files(folder))) as made:
        yield made


@contextmanager
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(files(folder).index, isolation_level=None)) as made:
        yield made


class Searched:
    """What is found in the index of a folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hits(self, text: str, now: str | None = NOW, **options: Any) -> Hits:
        return find(self._connection.execute, text, now=now, **options)[0]

    def found(self, text: str, now: str | None = NOW, **options: Any) -> list[str]:
        """Names, in their order."""
        hits = self.hits(text, now, **options).hits
        return [each.document.source.removeprefix("content/")[:-3] for each in hits]
