"""Redirects that lead back to where they began: kept in the index beside clashes, and found anew
only where rows changed, so that their cost follows the change.

Called by the index's writer, within its transaction. Dates have no part in it: what leads in a
circle on any day is told on all of them.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from apps.content.leading import STEPS
from apps.content.redirects import is_away
from apps.content.slices import marks, slices

CLAIMED: Final = "redirect"
CODE: Final = "redirect.loop"
SHOWN: Final = 6
"""Addresses of a circle that are named."""

_NEXT: Final = (
    "SELECT a.source, a.line, a.target FROM alias a LEFT JOIN document d ON d.source = a.source"
    " WHERE a.url = ? AND (a.target != '' OR d.source IS NOT NULL)"
    " ORDER BY d.source IS NOT NULL, a.source LIMIT 1"
)
_PAGE: Final = "SELECT 1 FROM document WHERE url = ? AND kind != 'redirect'"


class Step(NamedTuple):
    key: str
    source: str
    line: int


def places(connection: sqlite3.Connection, sources: Sequence[str]) -> set[str]:
    """Keys whose way may be another once these files are, with all on a circle through them."""
    found: set[str] = set()
    for part in slices(sources):
        for table in ("alias", "document"):
            query = f"SELECT url FROM {table} WHERE source IN ({marks(part)})"  # noqa: S608
            found |= {url.rstrip("/") for (url,) in connection.execute(query, part)}
    circles = (step.key for key in found.copy() for step in circle(connection, key))
    return found | set(circles)


def settle(connection: sqlite3.Connection, changed: Collection[str]) -> None:
    """Brings what is kept up to the rows at these keys, and at all that are on a circle with one
    of them but for pages: a page that comes or goes opens or closes it for redirects that stay."""
    keys = set(changed)
    keys |= {step.key for key in changed for step in circle(connection, key, past_pages=True)}
    _settle(connection, keys)


def _settle(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    for key in sorted(keys):
        connection.execute("DELETE FROM clash WHERE claimed = ? AND url = ?", (CLAIMED, key))
        if steps := circle(connection, key):
            step = steps[0]
            values = (CLAIMED, key, step.source, step.line, CODE, _reason(steps))
            connection.execute(
                "INSERT INTO clash (claimed, url, path, line, code, reason)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )


def settle_all(connection: sqlite3.Connection) -> None:
    """After all rows were written anew and all clashes were removed."""
    rows = connection.execute("SELECT DISTINCT url FROM alias WHERE target != ''").fetchall()
    _settle(connection, [url for (url,) in rows])


def circle(connection: sqlite3.Connection, key: str, *, past_pages: bool = False) -> list[Step]:
    """The steps of the circle that the key is on, itself first; none where it is on none. Pages
    end a way, unless it goes past them."""
    steps: list[Step] = []
    at = key
    for _ in range(STEPS):
        row = connection.execute(_NEXT, (at,)).fetchone()
        if row is None or not row[2] or is_away(row[2]):
            return []
        steps.append(Step(at, row[0], row[1]))
        at = row[2].rstrip("/")
        if not past_pages and connection.execute(_PAGE, (f"{at}/",)).fetchone():
            return []
        if at == key:
            return steps
    return []


def _reason(steps: Sequence[Step]) -> str:
    named = [f"{step.key}/" for step in steps[:SHOWN]]
    more = ["…"] if len(steps) > SHOWN else []
    way = " → ".join([*named, *more, named[0]])
    return f"{way} leads in a circle, so nobody is redirected; let one of them lead to a page"
