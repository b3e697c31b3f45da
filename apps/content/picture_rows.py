"""Pictures of one commit that visitors may see, by name, by address and by blob: one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from apps.content.listings import IndexedPicture
from apps.content.moments import Execute
from apps.content.owners import is_beside_hidden
from apps.content.rows import digest
from apps.content.slices import LARGE, marks, slices

COLUMNS: Final = "a.source, a.url, a.blob, a.size, a.type, a.width, a.height, a.nature"
VISIBLE: Final = "a.shown_from <= ?"
"""But for what stands beside a hidden document."""


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
        (*paths, now, *urls, now),
    )
    # Of two files for one address the lower path is served; it comes last.
    found = [(str(row[0]), IndexedPicture(*row[1:])) for row in rows]
    seen = {each.source for each in _seen(execute, (each for _, each in found), now)}
    return {name: each for name, each in found if each.source in seen}


def of_name(execute: Execute, name: str, now: str) -> tuple[IndexedPicture, ...]:
    return tuple(named(execute, [name], now).values())


def of_blob(execute: Execute, blob: str, now: str) -> tuple[IndexedPicture, ...]:
    """All files that hold these bytes, by path."""
    rows = execute(
        f"SELECT {COLUMNS} FROM asset a WHERE a.blob = ? AND {VISIBLE} ORDER BY a.source",  # noqa: S608
        (blob, now),
    )
    return tuple(_seen(execute, [IndexedPicture(*row) for row in rows], now))


def _seen(execute: Execute, found: Iterable[IndexedPicture], now: str) -> list[IndexedPicture]:
    return [each for each in found if not is_beside_hidden(execute, each.source, now)]


def answer(found: Sequence[IndexedPicture]) -> str:
    return digest(found) if found else ""
