"""Pictures of one commit that visitors may see, by name, by address and by blob: one statement."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from apps.content import moments
from apps.content.listings import IndexedPicture
from apps.content.rows import digest
from apps.content.slices import LARGE, marks, slices

Execute = Callable[..., sqlite3.Cursor]
COLUMNS: Final = "a.source, a.url, a.blob, a.size, a.type, a.width, a.height, a.nature"
VISIBLE: Final = (
    "a.shown_from <= ? AND NOT EXISTS (SELECT 1 FROM document d"  # noqa: S608
    " WHERE d.source = rtrim(a.source, replace(a.source, '/', '')) || 'index.md'"
    f" AND NOT {moments.shown('d')})"
)
"""What stands beside a hidden document of a page bundle is hidden with it."""


def named(execute: Execute, names: Sequence[str], now: str) -> Mapping[str, IndexedPicture]:
    """By name: the path in the repository, or the address where it begins with a slash."""
    found: dict[str, IndexedPicture] = {}
    for part in slices(names, LARGE):
        found |= _some(execute, part, now)
    return found


def _some(execute: Execute, names: Sequence[str], now: str) -> Mapping[str, IndexedPicture]:
    paths = [name for name in names if not name.startswith("/")]
    urls = [name for name in names if name.startswith("/")]
    rows = execute(
        f"SELECT a.source, {COLUMNS} FROM asset a"  # noqa: S608
        f" WHERE a.source IN ({marks(paths)}) AND {VISIBLE} UNION ALL"
        f" SELECT a.url, {COLUMNS} FROM asset a"
        f" WHERE a.url IN ({marks(urls)}) AND {VISIBLE} ORDER BY 2 DESC",
        (*paths, now, now, now, *urls, now, now, now),
    )
    # Of two files for one address the lower path is served; it comes last.
    return {str(row[0]): IndexedPicture(*row[1:]) for row in rows}


def of_name(execute: Execute, name: str, now: str) -> tuple[IndexedPicture, ...]:
    return tuple(named(execute, [name], now).values())


def of_blob(execute: Execute, blob: str, now: str) -> tuple[IndexedPicture, ...]:
    """All files that hold these bytes, by path."""
    rows = execute(
        f"SELECT {COLUMNS} FROM asset a WHERE a.blob = ? AND {VISIBLE} ORDER BY a.source",  # noqa: S608
        (blob, now, now, now),
    )
    return tuple(IndexedPicture(*row) for row in rows)


def answer(found: Sequence[IndexedPicture]) -> str:
    return digest(found) if found else ""
