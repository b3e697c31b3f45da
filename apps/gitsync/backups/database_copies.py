"""A consistent copy of an SQLite database that is in use, and its way back, in one transaction."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from apps.gitsync.errors import BackupRefused

WAIT_SECONDS: Final = 20.0
KINDS: Final = {"table", "index"}
FOREIGN: Final = "Name a backup of this node's own database"


def copy_database(source: Path, into: Path) -> None:
    """One file without companions, as of one moment. Others go on writing. Raises sqlite3.Error."""
    with closing(_readable(source)) as live, closing(sqlite3.connect(into)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def put_database(copy: Path, into: Path) -> None:
    """All of it or nothing, also for those who have `into` open. Raises sqlite3.Error."""
    with closing(_readable(copy)) as new, closing(sqlite3.connect(into, WAIT_SECONDS)) as live:
        new.backup(live)


def check_database(path: Path) -> None:
    """Raises BackupRefused unless it is sound and holds tables and indexes only: a trigger or a
    view would act by itself."""
    try:
        with closing(_readable(path)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            rows = database.execute("SELECT type, sql FROM sqlite_master").fetchall()
            if any(
                kind not in KINDS or "VIRTUAL" in str(sql or "")[:20].upper() for kind, sql in rows
            ):
                raise _refused("holds more than tables and indexes")
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise _refused(f"is damaged: {said[:80]}")
    except sqlite3.Error as error:
        raise _refused(f"cannot be opened ({error})") from error


def _readable(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", WAIT_SECONDS, uri=True)


def _refused(reason: str) -> BackupRefused:
    return BackupRefused("backup.database", f"the database in the backup {reason}", FOREIGN)
