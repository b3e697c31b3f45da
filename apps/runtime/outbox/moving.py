"""What an outbox keeps, for the file that takes the place of one of another shape: whoever has not
taken it yet goes on where they were."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from apps.runtime.limits import KEPT_EVENTS

COLUMNS: Final = "id, topic, payload, chain, at, outbox"
NEWEST: Final = f"SELECT {COLUMNS} FROM event ORDER BY id DESC LIMIT ?"  # noqa: S608
INSERT: Final = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608

Rows = Sequence[tuple[Any, ...]]


def taken_out(path: Path) -> Rows:
    """Nothing of a file that is damaged, or has no such table."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(NEWEST, (KEPT_EVENTS,)).fetchall()[::-1]
    except sqlite3.DatabaseError:
        return ()


def put_in(connection: sqlite3.Connection, rows: Rows) -> None:
    """Within the transaction that makes the tables. Raises sqlite3.Error."""
    connection.executemany(INSERT, rows)
