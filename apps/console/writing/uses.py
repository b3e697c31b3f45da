"""Which documents lead to a file or a page of the site: by the links of their bodies, as they are
rendered, by what their headers name, and where its address stands in their text."""

import json
import posixpath
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from apps.console.node import ConsoleNode
from apps.console.writing.bounds import USES
from apps.console.writing.opened import configured
from apps.content.images.naming import meanings, texts
from apps.content.index import read_only
from apps.content.links import targets

TEXT = 500
_LINKED = (
    "SELECT d.source, d.title, d.url, d.front, coalesce(r.links, '[]'), o.content FROM document d"
    " JOIN original o USING (source)"
    " LEFT JOIN cache.rendering r ON r.blob = d.blob AND r.markup = d.markup AND r.renderer = ?1"
    " WHERE d.source != ?2 AND (instr(r.links, ?3) OR instr(r.links, ?4) OR instr(d.front, ?3)"
    " OR instr(o.content, CAST(?5 AS BLOB))) ORDER BY d.source"
)


@dataclass(frozen=True, slots=True)
class Use:
    source: str
    title: str


def uses_of(node: ConsoleNode, path: str, url: str) -> tuple[Use, ...]:
    """At most USES. Costs a pass over all documents."""
    site = node.site()
    cache = f"{site.files.renderings.absolute().as_uri()}?mode=ro"
    name = posixpath.basename(path)
    near = url.strip("/").rpartition("/")[2] or name
    with closing(read_only(site.files)) as connection:
        connection.execute("ATTACH DATABASE ? AS cache", (cache,))
        rows = connection.execute(_LINKED, (node.renderer.id, path, name, near, url or path))
        found: list[Use] = []
        for use in _uses(rows, path, url, configured().root):
            found.append(use)
            if len(found) == USES:
                break
    return tuple(found)


def _uses(rows: sqlite3.Cursor, path: str, url: str, root: str) -> Iterator[Use]:
    written = re.compile(rf"(?<![\w/-]){re.escape(url)}(?![\w/-])") if url.strip("/") else None
    for source, title, address, front, links, content in rows:
        named = {each: targets(each, source, root)[0] for each in json.loads(links)}
        led = any(path in paths or _leads(each, address, url) for each, paths in named.items())
        text = bytes(content).decode("utf-8", "replace")
        told = led or (written is not None and written.search(text) is not None)
        if told or _named(json.loads(front), source, path, url):
            yield Use(str(source), str(title))


def _leads(link: str, address: str, url: str) -> bool:
    """As a browser would follow it."""
    there = unquote(urlsplit(urljoin(address, link)).path).strip("/")
    return bool(url) and there == url.strip("/")


def _named(front: dict[str, object], source: str, path: str, url: str) -> bool:
    named = {path, url}
    return any(named & set(meanings(text, source, "", "")) for text in texts(front, TEXT))
