"""Files that claim one URL, or URLs that differ by case alone: kept in the index, and found anew
only where rows changed, so that their cost follows the change.

Called by the index's writer, within its transaction.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from apps.content.problems import Problem
from apps.content.slices import marks, slices

TAKEN: Final = {"document": "document.url-taken", "asset": "asset.url-taken"}
CASE: Final = {"document": "document.url-case", "asset": "asset.url-case"}
REMEDY: Final = {
    "document": "give this document another slug or path",
    "asset": "rename one of the files",
}
Place = tuple[str, str]
"""A table, and a URL in lower case."""


def places(connection: sqlite3.Connection, sources: Sequence[str]) -> set[Place]:
    """Where files of these sources answer now."""
    found: set[Place] = set()
    for table in TAKEN:
        for part in slices(sources):
            query = f"SELECT lower(url) FROM {table} WHERE source IN ({marks(part)})"  # noqa: S608
            found |= {(table, url) for (url,) in connection.execute(query, part)}
    return found


def settle(connection: sqlite3.Connection, changed: Iterable[Place]) -> None:
    """Brings what is kept up to the rows at these places."""
    for table, url in sorted(changed):
        connection.execute("DELETE FROM clash WHERE claimed = ? AND url = ?", (table, url))
        claims = connection.execute(
            f"SELECT source, url FROM {table} WHERE lower(url) = ?",  # noqa: S608
            (url,),
        ).fetchall()
        for problem in _clashes(table, claims) if len(claims) > 1 else ():
            values = (table, url, problem.path, problem.line, problem.code, problem.reason)
            connection.execute(
                "INSERT INTO clash (claimed, url, path, line, code, reason)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )


def settle_all(connection: sqlite3.Connection) -> None:
    """After all rows were written anew. Walks an index over URLs."""
    connection.execute("DELETE FROM clash")
    for table in TAKEN:
        query = f"SELECT lower(url) FROM {table} GROUP BY lower(url) HAVING count(*) > 1"  # noqa: S608
        settle(connection, [(table, url) for (url,) in connection.execute(query).fetchall()])


def listed(connection: sqlite3.Connection) -> list[Problem]:
    rows = connection.execute("SELECT path, line, code, reason FROM clash")
    return sorted(Problem(*row) for row in rows)


def _clashes(table: str, claims: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Of two documents for one URL the lowest source wins; the other is reported."""
    winners: dict[str, str] = {}
    for source, url in sorted(claims):
        if url in winners:
            reason = f"{url} is taken by {winners[url]}; {REMEDY[table]}"
            yield Problem(source, 0, TAKEN[table], reason)
        elif winners:
            other = next(iter(winners))
            reason = f"{url} differs from {other} ({winners[other]}) by case alone"
            yield Problem(source, 0, CASE[table], reason)
        winners.setdefault(url, source)
