"""Rendered bodies, found by blob and renderer: a cache that outlives commits and rebuilds."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

BUSY_SECONDS = 20.0
MARK = "\ufdd0"
"""Stands around each marker; no document may bring its own."""
TABLE = """
CREATE TABLE IF NOT EXISTS rendering (
    blob TEXT NOT NULL, markup TEXT NOT NULL, renderer TEXT NOT NULL,
    html TEXT NOT NULL, links TEXT NOT NULL,
    PRIMARY KEY (blob, markup, renderer)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to parse or render: what it is known by, its markup and its whole text."""

    path: str
    markup: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """Sanitised HTML whose relative links are markers: positions in `links`. Other markers are
    places for what a theme has of a picture (`frames`)."""

    html: str
    links: tuple[str, ...] = ()

    def as_written(self) -> str:
        """With its links as their author wrote them: where there is no site to ask."""
        parts = self.html.split(MARK)
        texts = {str(position): escape(link) for position, link in enumerate(self.links)}
        parts[1::2] = [texts.get(mark, "") for mark in parts[1::2]]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A body and what it was made from."""

    blob: str
    markup: str
    renderer: str
    body: Body


def decode(html: str, links: str) -> Body:
    return Body(html, tuple(json.loads(links)))


def connect(path: Path) -> sqlite3.Connection:
    """A connection that may write. A damaged cache is replaced by an empty one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path)
    except sqlite3.OperationalError:
        raise  # It is locked, or the disk is full: not the file's own fault.
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _open(path)


def store(connection: sqlite3.Connection, renderings: Iterable[Rendering]) -> None:
    rows = [
        (r.blob, r.markup, r.renderer, r.body.html, json.dumps(r.body.links)) for r in renderings
    ]
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR REPLACE INTO rendering VALUES (?, ?, ?, ?, ?)", rows)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(TABLE)
    return connection
