"""Addresses of documents that a change takes away although the document is still there.

Asked by the index's writer before a change is applied; its cost follows the change.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from apps.content.entries import NEVER, REDIRECT, Document, Entry
from apps.content.problems import Problem
from apps.content.slices import marks, slices

CODE: Final = "document.moved"
MOST: Final = 100
"""That are told at once."""


class Known(NamedTuple):
    source: str
    url: str
    blob: str


def vanished(
    connection: sqlite3.Connection, removed: Sequence[str] | None, entries: Sequence[Entry]
) -> list[Problem]:
    """`removed` are the sources whose rows go; None for all of them."""
    before = list(_known(connection, removed))
    documents = [e.document for e in entries if e.document and e.document.shown_from != NEVER]
    taken = {each.url.rstrip("/") for each in documents}
    taken |= {alias.url for entry in entries for alias in entry.aliases}
    lost = [each for each in before if each.url.rstrip("/") not in taken]
    if removed is not None:
        lost = [each for each in lost if not _answers(connection, each.url, removed)]
    by_source = {each.source: each for each in documents}
    fresh = _fresh(documents, {each.source for each in before})
    found = []
    for each in lost:
        now = by_source.get(each.source) or fresh.get(each.blob)
        if now is not None and now.kind != REDIRECT:
            found.append(Problem(now.source, 0, CODE, _reason(each.url, now.url)))
    return sorted(found)[:MOST]


def _fresh(documents: Sequence[Document], known: set[str]) -> Mapping[str, Document]:
    """blob → document, of files that have a new name."""
    return {each.blob: each for each in documents if each.source not in known}


def _known(connection: sqlite3.Connection, sources: Sequence[str] | None) -> Iterator[Known]:
    """Documents that visitors may have an address of."""
    query = (
        "SELECT source, url, blob FROM document"  # noqa: S608
        f" WHERE shown_from != '{NEVER}' AND kind != '{REDIRECT}' AND url != '/'"
    )
    if sources is None:
        yield from map(Known._make, connection.execute(query))
        return
    for part in slices(sources):
        among = f"{query} AND source IN ({marks(part)})"
        yield from map(Known._make, connection.execute(among, part))


def _answers(connection: sqlite3.Connection, url: str, removed: Sequence[str]) -> bool:
    """Whether something that stays answers at the address."""
    gone = frozenset(removed)
    rows = connection.execute(
        "SELECT source FROM document WHERE url = ?"
        " UNION ALL SELECT source FROM alias WHERE url = ?",
        (url, url.rstrip("/")),
    )
    return any(source not in gone for (source,) in rows)


def _reason(old: str, new: str) -> str:
    return f"{old} was its address, and nothing answers there now; add it to its aliases ({new})"
