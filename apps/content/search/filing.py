"""Puts documents into the tables of search and takes them out: beside their rows, by their ids.

Called by the index's writer, within its transaction; the cost follows the change.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from apps.content.entries import NEVER, Entry, Shown
from apps.content.searched import COLUMNS, HIDDEN, OPEN, TABLES, definition
from apps.content.slices import marks, slices
from apps.content.words import NO_WORDS, plain, spaced

TERMS: Final = 5_000
"""Characters of the terms of one document."""
HELD: Final = 8 * 1024 * 1024
"""Bytes of words that wait to be written. Of SQLite's own one million, a first sync makes so many
parts that it spends a fifth of its time on putting them together."""
_NAMES: Final = ", ".join(COLUMNS)
_ID: Final = "(SELECT id FROM document WHERE source = ?)"


def forget(connection: sqlite3.Connection, sources: Sequence[str]) -> None:
    """Before their documents go."""
    for table in TABLES:
        connection.executemany(
            f"DELETE FROM {table} WHERE rowid = {_ID}",  # noqa: S608
            [(source,) for source in sources],
        )


def forget_all(connection: sqlite3.Connection) -> None:
    """Makes the tables anew, as to take out all rows would read each of them."""
    for table in TABLES:
        connection.execute(f"DROP TABLE {table}")
        connection.execute(definition(table))
        held = f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?)"  # noqa: S608
        connection.execute(held, (HELD,))


def keep(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Of the documents that have come."""
    for part in slices([entry for entry in entries if entry.document]):
        ids = _ids(connection, [entry.source for entry in part])
        for table in TABLES:
            connection.executemany(
                f"INSERT INTO {table} (rowid, {_NAMES}) VALUES (?, {marks(COLUMNS)})",  # noqa: S608
                [(ids[entry.source], *_row(entry)) for entry in part if _table(entry) == table],
            )


def move(connection: sqlite3.Connection, shown: Mapping[str, Shown]) -> None:
    """What visitors may read now, or no longer, goes to the other table."""
    for there, here in ((OPEN, HIDDEN), (HIDDEN, OPEN)):
        moved = [(s,) for s, when in shown.items() if _table_of(when.since) == there]
        connection.executemany(
            f"INSERT INTO {there} (rowid, {_NAMES})"  # noqa: S608
            f" SELECT rowid, {_NAMES} FROM {here} WHERE rowid = {_ID}",
            moved,
        )
        connection.executemany(f"DELETE FROM {here} WHERE rowid = {_ID}", moved)  # noqa: S608


def _ids(connection: sqlite3.Connection, sources: Sequence[str]) -> dict[str, int]:
    query = f"SELECT source, id FROM document WHERE source IN ({marks(sources)})"  # noqa: S608
    return dict(connection.execute(query, sources))


def _table(entry: Entry) -> str:
    assert entry.document
    return _table_of(entry.document.shown_from)


def _table_of(since: str) -> str:
    return HIDDEN if since == NEVER else OPEN


def _row(entry: Entry) -> tuple[str, ...]:
    document, words = entry.document, entry.words or NO_WORDS
    assert document
    terms = " · ".join(dict.fromkeys(term.name for term in entry.terms))
    authors = " · ".join(json.loads(document.authors))
    said = (document.title, document.description, terms[:TERMS], authors[:TERMS])
    title, description, named, by = (spaced(plain(text)) for text in said)
    return title, words.headings, description, named, by, words.body
