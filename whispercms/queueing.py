"""The task queue of `serve`: one process that looks is there always, the cluster that works while
there is something to do.
"""

import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Final

from apps.runtime.forks import STOPS, Fork, run_python

LOOK_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 10.0
"""Without work, before the cluster is told to end: what comes in bursts is done by one."""
WAITS: Final = "SELECT EXISTS (SELECT 1 FROM django_q_ormq)"
DUE: Final = "SELECT EXISTS (SELECT 1 FROM django_q_schedule WHERE next_run < ? AND repeats != 0)"


def can_look() -> bool:
    return hasattr(signal, "sigtimedwait")


def look_after(database: Path, cluster: Sequence[str]) -> None:
    """Until a signal comes. `cluster` is what to run, as a command line has it after the
    interpreter; one that ends by itself ends this as well, for whoever watches to start again."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    running: Fork | None = None
    worked = monotonic()
    while signal.sigtimedwait(STOPS, LOOK_SECONDS) is None:
        if running and (code := running.poll()) is not None:
            sys.exit(code or 1)
        if has_work(database, datetime.now(UTC)):
            worked = monotonic()
            # In this one's group, so that both are reached where only force helps.
            running = running or Fork("queue", partial(_work, cluster), leads=False)
        elif running and monotonic() - worked > IDLE_SECONDS:
            _end(running)
            running = None
    if running:
        _end(running)


def has_work(database: Path, now: datetime) -> bool:
    """Whether a task waits, is under way or due. Raises sqlite3.Error."""
    # Not by Django: the memory that it touches to ask would be this process's own from then on.
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        written = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        found = [*connection.execute(WAITS), *connection.execute(DUE, (written,))]
        return any(row[0] for row in found)


def _end(cluster: Fork) -> None:
    """It does what it has begun, and leaves the rest where it is."""
    cluster.stop()
    cluster.wait(inf)


def _work(cluster: Sequence[str]) -> None:
    from django.db import connections
    from django_q.scheduler import scheduler

    scheduler()  # The cluster itself first looks half a minute later.
    connections.close_all()
    run_python(cluster, {})
