"""Copies what the site's pages are made of into the database of the ordinary project."""

import json
import re
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

from apps.content.links import target
from bench import sites
from bench.sites import Site

TABLES = """
CREATE TABLE document (source TEXT PRIMARY KEY, url TEXT, kind TEXT, section TEXT, title TEXT,
  description TEXT, date TEXT, updated TEXT, authors TEXT, front TEXT, shown_from TEXT, body TEXT,
  links TEXT);
CREATE TABLE term (id INTEGER PRIMARY KEY, source TEXT, taxonomy TEXT, slug TEXT, name TEXT);
CREATE TABLE target (source TEXT PRIMARY KEY, url TEXT, shown_from TEXT);
"""
COLUMNS = (
    "d.source, d.url, d.kind, d.section, d.title, d.description, d.date, d.updated, d.authors,"
    " d.front, d.shown_from, r.html, r.links"
)
INDEXES = """
CREATE INDEX document_url ON document (url);
CREATE INDEX term_source ON term (source);
"""
ASSET = re.compile(r'href="(/-/themes/[^"]+/(icon\.svg|style\.css))"')
FEED = re.compile(r'type="application/atom\+xml" title="[^"]*" href="([^"]*)"')


def copy(state: Path, site: Site, page: bytes, folder: Path) -> None:
    """`page` is what the site makes of its page: the addresses of its assets are taken from it."""
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / "site.sqlite3") as database:
        database.executescript(TABLES)
        database.execute("ATTACH ? AS ours", (str(_one(state, "index*.sqlite3")),))
        database.execute("ATTACH ? AS cache", (str(_one(state, "renderings.sqlite3")),))
        _fill(database)
        on_each = _on_each(database, site, page.decode())
        database.executescript(INDEXES)
    database.close()
    folder.joinpath("site.json").write_text(json.dumps(on_each))


def _one(state: Path, pattern: str) -> Path:
    (found,) = state.rglob(pattern)
    return found


def _fill(database: sqlite3.Connection) -> None:
    rows = database.execute(
        f"SELECT {COLUMNS} FROM ours.document d JOIN cache.rendering r USING (blob, markup)"
    ).fetchall()
    marks = ",".join("?" * len(COLUMNS.split(",")))
    linked = [(*row[:-1], _links(row[0], row[-1])) for row in rows]
    database.executemany(f"INSERT OR REPLACE INTO document VALUES ({marks})", linked)
    database.execute("INSERT INTO term SELECT id, source, taxonomy, slug, name FROM ours.term")
    for table in ("document", "asset"):
        database.execute(f"INSERT INTO target SELECT source, url, shown_from FROM ours.{table}")


def _links(source: str, links: str) -> str:
    """(file, rest of the link, as it was written), of each."""
    texts: list[str] = json.loads(links)
    return json.dumps([[*target(text, source, "content/"), text] for text in texts])


def _on_each(database: sqlite3.Connection, site: Site, page: str) -> dict[str, Any]:
    """The title, the menu and whatever else does not depend on the document."""
    file = tomllib.loads(sites.read(site, "config.toml"))
    configuration = {**file, **file.get("whispercms", {})}
    home = database.execute("SELECT title, description FROM document WHERE url = '/'").fetchone()
    title, description = home or ("", "")
    sections = database.execute(
        "SELECT title, url, section FROM document WHERE kind = 'section' AND section != ''"
        " ORDER BY url, source"
    ).fetchall()
    assets = {name.partition(".")[0]: url for url, name in ASSET.findall(page)}
    menu = [{"title": title, "url": url} for title, url, path in sections if "/" not in path]
    feed = FEED.search(page)
    return {
        "title": configuration.get("title") or title,
        "description": configuration.get("description") or description,
        "base_url": configuration.get("base_url", "").rstrip("/"),
        "language": configuration.get("default_language", "en"),
        "sections": menu,
        "by_section": {path: {"title": title, "url": url} for title, url, path in sections},
        "feed_url": feed[1] if feed else None,
        "accent": "pine",
        **assets,
    }
