"""Copies what the site's pages are made of into the database of the ordinary project."""

import json
import re
import sqlite3
import tomllib
from html import unescape
from pathlib import Path
from typing import Any

from apps.content.links import target
from apps.content.renderings import MARK
from bench import sites
from bench.sites import Site

TABLES = """
CREATE TABLE document (source TEXT PRIMARY KEY, url TEXT, kind TEXT, section TEXT, title TEXT,
  description TEXT, date TEXT, updated TEXT, authors TEXT, noindex INTEGER, weight INTEGER,
  sticky INTEGER, shown_from TEXT, shown_until TEXT, body TEXT, links TEXT);
CREATE TABLE term (id INTEGER PRIMARY KEY, source TEXT, taxonomy TEXT, slug TEXT, name TEXT);
CREATE TABLE target (source TEXT PRIMARY KEY, url TEXT, shown_from TEXT, shown_until TEXT);
"""
COLUMNS = (
    "d.source, d.url, d.kind, d.section, d.title, d.description, d.date, d.updated, d.authors,"
    " json_type(d.front, '$.noindex') IS 'true', d.weight, d.sticky, d.shown_from,"
    " d.shown_until, r.html, r.links"
)
INDEXES = """
CREATE INDEX document_url ON document (url);
CREATE INDEX document_section ON document (section, kind, sticky DESC, weight, date DESC, source);
CREATE INDEX term_source ON term (source);
CREATE INDEX term_slug ON term (taxonomy, slug);
"""
ASSET = re.compile(r'href="(/-/themes/[^"]+/(icon\.svg|style\.css))"')
SEARCH = re.compile(r'<p class="to-search"><a href="([^"]+)"')
FEED = re.compile(r'<link rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)">')
ATOM = "application/atom+xml"
MENU = 6
"""More sections than this stand at the foot, and one fewer at the top."""


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
        f"SELECT {COLUMNS} FROM ours.document d LEFT JOIN cache.rendering r USING (blob, markup)"
    ).fetchall()
    made = [(*row[:-2], _body(row[-2] or ""), _links(row[0], row[-1] or "[]")) for row in rows]
    marks = ",".join("?" * len(made[0]))
    database.executemany(f"INSERT OR REPLACE INTO document VALUES ({marks})", made)
    database.execute("INSERT INTO term SELECT id, source, taxonomy, slug, name FROM ours.term")
    for table, until in (("document", "shown_until"), ("asset", "'~'")):
        database.execute(
            f"INSERT INTO target SELECT source, url, shown_from, {until} FROM ours.{table}"
        )


def _body(html: str) -> str:
    """Without the places for renditions: no file of the sites that are measured is a picture."""
    parts = html.split(MARK)
    parts[1::2] = [f"{MARK}{mark}{MARK}" if mark.isdigit() else "" for mark in parts[1::2]]
    return "".join(parts)


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
    more = menu if len(menu) > MENU else []
    feeds = [
        {"type": type_, "title": unescape(title), "url": url}
        for type_, title, url in FEED.findall(page)
    ]
    return {
        "title": configuration.get("title") or title,
        "description": configuration.get("description") or description,
        "base_url": configuration.get("base_url", "").rstrip("/"),
        "language": configuration.get("default_language", "en"),
        "menu": menu[: MENU - 1] if more else menu,
        "more": more,
        "by_section": {path: {"title": title, "url": url} for title, url, path in sections},
        "feeds": feeds,
        "feed_url": next((feed["url"] for feed in feeds if feed["type"] == ATOM), None),
        "search_url": next(iter(SEARCH.findall(page)), None),
        "accent": "pine",
        **assets,
    }
