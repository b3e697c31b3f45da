"""An outbox in a file of its own, and a subscriber that writes down what it is handed."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from uuid import uuid4

from apps.content import schema
from apps.runtime.emissions import Event
from apps.runtime.outbox.courier import Courier
from apps.runtime.outbox.keeping import keep
from apps.runtime.outbox.reading import Outbox


class Box:
    """A table `event` as the index has it. Its name is nobody else's, so its cursors are new."""

    def __init__(self, folder: Path) -> None:
        self.outbox = Outbox(uuid4().hex, folder / "box.sqlite3")
        schema.connect(self.outbox.path).close()

    def keep(self, *topics: str, at: float = 0.0) -> None:
        """Each in a transaction, with its number as the payload."""
        found = sqlite3.connect(self.outbox.path, isolation_level=None)
        with closing(found) as connection, schema.writing(connection):
            for number, topic in enumerate(topics):
                keep(connection, topic, {"n": number}, at)

    def anew(self) -> None:
        schema.discard(self.outbox.path)
        schema.connect(self.outbox.path).close()

    def numbers(self) -> list[int]:
        with closing(sqlite3.connect(self.outbox.path)) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM event ORDER BY id")]


class Reader:
    """A subscriber; each of its topics in `fails` makes it raise once."""

    def __init__(self, *fails: str) -> None:
        self.seen: list[str] = []
        self.fails = list(fails)

    def __call__(self, event: Event) -> None:
        if event.topic in self.fails:
            self.fails.remove(event.topic)
            raise OSError("disk full")
        self.seen.append(event.topic)


def courier(reader: Reader, *boxes: Box, pattern: str = "**", name: str = "reader") -> Courier:
    outboxes = [box.outbox for box in boxes]
    lock = outboxes[0].path.parent / f"{name}.lock"
    return Courier(name, pattern, reader, outboxes, lock=lock)


def drain(made: Courier) -> None:
    while made.step(Flag()):
        pass


def named(prefix: str, numbers: Iterable[int]) -> list[str]:
    return [f"{prefix}{number}" for number in numbers]
