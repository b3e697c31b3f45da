"""Links of documents that lead to no file and no page of the site: for people who look after it.

Read out of the bodies that are rendered already; what a link names is asked of the index.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Final, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from apps.content.files import ContentFiles
from apps.content.index import read_only
from apps.content.links import REFERENCE, targets
from apps.content.problems import Problem

CODE: Final = "link.missing"
BATCH: Final = 200

_LINKED: Final = (
    "SELECT d.source, d.url, r.links, o.content FROM document d"
    " JOIN cache.rendering r ON r.blob = d.blob AND r.markup = d.markup AND r.renderer = ?"
    " JOIN original o USING (source) WHERE r.links != '[]' ORDER BY d.source"
)


class _Linked(NamedTuple):
    source: str
    url: str
    links: tuple[str, ...]
    content: bytes


def broken_links(files: ContentFiles, renderer: str, root: str) -> Iterator[Problem]:
    """In the order of their files. Costs a pass over all documents that are rendered and link to
    others. Raises sqlite3.Error."""
    cache = f"{files.renderings.absolute().as_uri()}?mode=ro"
    with closing(read_only(files)) as connection:
        connection.execute("ATTACH DATABASE ? AS cache", (cache,))
        rows = connection.execute(_LINKED, (renderer,))
        while found := [_linked(row) for row in rows.fetchmany(BATCH)]:
            yield from _broken(connection, found, root)


def _linked(row: tuple[str, str, str, bytes]) -> _Linked:
    return _Linked(row[0], row[1], tuple(json.loads(row[2])), bytes(row[3]))


def _broken(
    connection: sqlite3.Connection, documents: Sequence[_Linked], root: str
) -> Iterator[Problem]:
    named = [
        (document, link, targets(link, document.source, root)[0], _address(document.url, link))
        for document in documents
        for link in document.links
    ]
    sources = _known(connection, _SOURCES, {path for each in named for path in each[2]})
    addresses = _known(connection, _ADDRESSES, {each[3] for each in named})
    for document, link, paths, address in named:
        if sources.isdisjoint(paths) and address not in addresses:
            written = link.removeprefix(REFERENCE)
            reason = f"{written} leads to no file and no page of the site; correct or remove it"
            yield Problem(document.source, _line(document.content, written), CODE, reason)


_SOURCES: Final = (
    "SELECT source FROM document WHERE source IN (SELECT value FROM json_each(?1))"
    " UNION SELECT source FROM asset WHERE source IN (SELECT value FROM json_each(?1))"
)
_ADDRESSES: Final = (
    "SELECT trim(url, '/') FROM document WHERE url IN (SELECT value FROM json_each(?2))"
    " UNION SELECT trim(url, '/') FROM asset WHERE url IN (SELECT value FROM json_each(?3))"
    " UNION SELECT trim(url, '/') FROM alias WHERE url IN (SELECT value FROM json_each(?3))"
    " UNION SELECT section FROM document WHERE section IN (SELECT value FROM json_each(?1))"
)


def _known(connection: sqlite3.Connection, query: str, asked: Iterable[str]) -> set[str]:
    """Which of them there are; addresses without the slashes at their ends."""
    names = sorted(asked)
    forms = (names, [f"/{each}/" for each in names], [f"/{each}" for each in names])
    texts = [json.dumps(form) for form in forms[: 3 if "?3" in query else 1]]
    return {row[0] for row in connection.execute(query, texts)}


def _address(url: str, link: str) -> str:
    """As a browser would follow it, without the slashes at its ends."""
    return unquote(urlsplit(urljoin(url, link)).path).strip("/")


def _line(content: bytes, written: str) -> int:
    at = content.find(written.encode())
    return content.count(b"\n", 0, at) + 1 if at >= 0 else 0
