"""The task queue of `serve`: its cluster runs while there is something to do."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apps.runtime.forks import run_python

WAITS: Final = "SELECT EXISTS (SELECT 1 FROM django_q_ormq)"
DUE: Final = "SELECT EXISTS (SELECT 1 FROM django_q_schedule WHERE next_run < ? AND repeats != 0)"
BUSY_SECONDS: Final = 0.1
"""Who looks has others to look after."""


def has_work(database: Path, now: datetime) -> bool:
    """Whether a task waits, is under way or due. Raises sqlite3.Error."""
    # Not by Django: the memory that it touches to ask would be this process's own from then on.
    place = f"{database.as_uri()}?mode=ro"
    with closing(sqlite3.connect(place, timeout=BUSY_SECONDS, uri=True)) as connection:
        written = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        found = [*connection.execute(WAITS), *connection.execute(DUE, (written,))]
        return any(row[0] for row in found)


def work(cluster: Sequence[str]) -> None:
    """`cluster` is what to run, as a command line has it after the interpreter."""
    from django.db import connections
    from django_q.scheduler import scheduler

    scheduler()  # The cluster itself first looks half a minute later.
    connections.close_all()
    run_python(cluster)
