"""What of the index visitors may read at a moment, and when that changes next. SQL and nothing
else: the condition stands here alone."""

import sqlite3
from collections.abc import Callable
from typing import Final

Execute = Callable[..., sqlite3.Cursor]

_DATED: Final = (("document", "shown_from"), ("document", "shown_until"), ("asset", "shown_from"))


def shown(row: str = "document") -> str:
    """The condition that a document is there; takes the moment twice."""
    return f"{row}.shown_from <= ? AND {row}.shown_until > ?"


def following(execute: Execute, now: str) -> str | None:
    """When visitors may read more or less than they may now, if nothing is synced."""
    return min(_moments(execute, "min", ">", now), default=None)


def last(execute: Execute, now: str) -> str | None:
    """Since when they may read what they may read now, and nothing else."""
    return max(_moments(execute, "max", "<=", now), default=None)


def _moments(execute: Execute, which: str, than: str, now: str) -> list[str]:
    """The conditions are those of the partial indexes, which hold nothing but such moments."""
    found = [
        execute(
            f"SELECT {which}({name}) FROM {table} WHERE {name} > '' AND {name} < '~'"  # noqa: S608
            f" AND {name} {than} ?",
            (now,),
        ).fetchone()[0]
        for table, name in _DATED
    ]
    return [each for each in found if each]
