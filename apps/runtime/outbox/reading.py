"""Reads what an outbox keeps, from a place on. Opens the file anew each time: it may be another."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from apps.runtime.emissions import Event, freeze
from apps.runtime.limits import OUTBOX_BATCH

BUSY_SECONDS: Final = 5.0
NEWEST: Final = "SELECT outbox FROM event ORDER BY id DESC LIMIT 1"
FOLLOWING: Final = "SELECT id, topic, payload, chain FROM event WHERE id > ? ORDER BY id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Place:
    """All up to `number` of one outbox is done with."""

    outbox: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What follows on a place, with its numbers; `dropped` is what was gone already."""

    outbox: str
    events: tuple[tuple[int, Event], ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Outbox:
    """The table `event` of one file, under a name that cursors are kept by."""

    name: str
    path: Path

    def after(self, place: Place, limit: int = OUTBOX_BATCH) -> Batch:
        """Of an outbox that was made anew, all that it has. Nothing where there is no file. Raises
        sqlite3.Error."""
        if not self.path.exists():
            return Batch(place.outbox)
        with closing(_open(self.path)) as connection:
            connection.execute("BEGIN")
            newest = connection.execute(NEWEST).fetchone()
            if newest is None:
                return Batch(place.outbox)
            known = newest[0] == place.outbox
            number = place.number if known else 0
            rows = connection.execute(FOLLOWING, (number, limit)).fetchall()
        numbers = [*([number] if known else []), *(row[0] for row in rows)]
        dropped = sum(after - before - 1 for before, after in pairwise(numbers))
        return Batch(newest[0], tuple((row[0], _event(*row[1:])) for row in rows), dropped)


def _open(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _event(topic: str, payload: str, chain: str) -> Event:
    return Event(topic, freeze(json.loads(payload)), tuple(json.loads(chain)))
