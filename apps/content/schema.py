"""Makes the index's tables from the models; another shape than expected is thrown away.

`PRAGMA user_version` holds a checksum of the tables' own definitions, so no migration is needed
for rows that a commit can always bring back.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.db.backends.sqlite3.base import DatabaseWrapper

from apps.content import searched
from apps.content.models import ALL
from apps.runtime.outbox.moving import Rows, put_in, taken_out

BUSY_SECONDS = 20.0


@cache
def definitions() -> tuple[str, ...]:
    """The SQL of all tables and indexes, as Django writes it for SQLite, and those of search."""
    wrapper = DatabaseWrapper(
        {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {},
            "TIME_ZONE": None,
            "CONN_HEALTH_CHECKS": False,
            "CONN_MAX_AGE": 0,
            "AUTOCOMMIT": True,
        },
        alias="index-shape",
    )
    with wrapper.schema_editor(atomic=False) as editor:
        for model in ALL:
            editor.create_model(model)
            for index in model._meta.indexes:
                editor.add_index(model, index)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        found = tuple(str(row[0]) for row in cursor.fetchall() if "sqlite_sequence" not in row[0])
    wrapper.close()
    return *found, *searched.definitions()


def version() -> int:
    return zlib.crc32("\n".join(definitions()).encode()) & 0x7FFFFFFF


def is_current(path: Path) -> bool:
    """Whether the file is an index of today's shape; a damaged one is not."""
    try:
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT count(*) FROM pointer").fetchone()
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        return False
    finally:
        if "connection" in locals():
            connection.close()
    return bool(found == version())


def connect(path: Path) -> sqlite3.Connection:
    """A connection that may write; a missing or outdated file is made anew, empty but for the facts
    that the old one has still to tell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    facts: Rows = ()
    if path.exists() and not is_current(path):
        facts = taken_out(path)
        discard(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] != version():
        connection.execute("BEGIN IMMEDIATE")
        for statement in definitions():
            connection.execute(statement)
        put_in(connection, facts)
        connection.execute(f"PRAGMA user_version={version()}")
        connection.execute("COMMIT")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction: all of the block or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
