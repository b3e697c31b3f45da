"""Values of front matter by which lists are filtered: kept beside the documents, from their rows.

Called by the index's writer, within its transaction; the cost follows the change.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence

from apps.content.queries.fields import rows_of
from apps.content.queries.names import TOLD
from apps.content.slices import marks, slices


def forget(connection: sqlite3.Connection, sources: Sequence[str]) -> None:
    """Before their documents go."""
    connection.executemany(
        "DELETE FROM field WHERE document IN (SELECT id FROM document WHERE source = ?)",
        [(source,) for source in sources],
    )


def forget_all(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM field")


def keep(
    connection: sqlite3.Connection, sources: Sequence[str], taxonomies: Collection[str] = ()
) -> None:
    """Of the documents that have come. Terms have rows of their own."""
    told = TOLD.union(taxonomies)
    for part in slices(sources):
        documents = connection.execute(
            f"SELECT id, front, authors FROM document WHERE source IN ({marks(part)})",  # noqa: S608
            part,
        ).fetchall()
        connection.executemany(
            "INSERT INTO field (document, name, shape, value) VALUES (?, ?, ?, ?)",
            (
                (document, *row)
                for document, front, authors in documents
                for row in rows_of(json.loads(front), json.loads(authors), told)
            ),
        )
