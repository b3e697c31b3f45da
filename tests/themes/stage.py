"""Renders the bundled themes as the template worker does, from contexts of the contract's shape."""

import tomllib
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import minijinja

THEMES = Path(__file__).parents[2] / "themes"
FUEL = 1_000_000
MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
MONTHS += ["August", "September", "October", "November", "December"]


def asset_url(theme: str, name: str) -> str:
    """The URL of an asset that exists; raises FileNotFoundError for any other."""
    (THEMES / theme / "assets" / name).resolve(strict=True)
    return f"/static/{theme}/{name}"


def written_date(value: str) -> str:
    year, month, day = value[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def render(theme: str, template: str, given: dict[str, Any]) -> str:
    folder = THEMES / theme / "templates"
    environment = minijinja.Environment(
        loader=lambda name: (folder / name).read_text(),
        undefined_behavior="strict",
        auto_escape_callback=lambda name: "html",
    )
    environment.fuel = FUEL
    environment.add_filter("date", written_date)
    environment.add_filter("rfc822", lambda value: format_datetime(datetime.fromisoformat(value)))
    environment.add_global("asset", lambda name: asset_url(theme, name))
    environment.add_global("image", lambda file, name: file)
    values = {**given, "body": minijinja.safe(given["body"])}
    return environment.render_template(template, **values)


def settings(theme: str) -> dict[str, Any]:
    manifest = tomllib.loads((THEMES / theme / "theme.toml").read_text())
    return {name: field["default"] for name, field in manifest.get("settings", {}).items()}


def site(**changes: Any) -> dict[str, Any]:
    """The menu has the sections, unless it is given."""
    made = _site(**changes)
    menu = [{**section, "below": []} for section in made["sections"]]
    return {"menu": menu, "menus": {}, **made}


def _site(**changes: Any) -> dict[str, Any]:
    return {
        "title": "The Field Station",
        "description": "Notes on rivers, weather and small software.",
        "base_url": "https://station.example",
        "language": "en",
        "sections": [
            {"title": "Posts", "url": "/posts/"},
            {"title": "Notes", "url": "/notes/"},
        ],
        "feed_url": "/feed/",
        "feeds": [
            {"type": "application/atom+xml", "url": "/feed/"},
            {"type": "application/rss+xml", "url": "/feed/rss.xml"},
            {"type": "application/feed+json", "url": "/feed/feed.json"},
        ],
        "search_url": "/search/",
        **changes,
    }


def page(**changes: Any) -> dict[str, Any]:
    """A section on top has nothing above it, unless that is given."""
    if changes.get("kind") == "section":
        changes = {"breadcrumbs": [], **changes}
    return {
        "title": "Reading the river",
        "url": "/posts/river/",
        "kind": "page",
        "type": None,
        "weight": None,
        "sticky": False,
        "date": "2026-03-26T00:00:00Z",
        "updated": "2026-04-02T00:00:00Z",
        "description": "What a week of gauge readings says, and what it leaves out.",
        "authors": ["Ines Duarte", "Tom Rask"],
        "terms": [
            {"taxonomy": "tags", "name": "rivers", "url": "/tags/rivers/"},
            {"taxonomy": "tags", "name": "unlisted", "url": None},
        ],
        "meta": {},
        "section": {"title": "Posts", "url": "/posts/"},
        "breadcrumbs": [{"title": "Posts", "url": "/posts/"}],
        "image": None,
        **changes,
    }


def bare_page(**changes: Any) -> dict[str, Any]:
    """A page of which nothing but its address is known."""
    unknown = {"title": None, "date": None, "updated": None, "description": None}
    return page(
        **{**unknown, "authors": [], "terms": [], "section": None, "breadcrumbs": [], **changes}
    )


def listing(count: int, **changes: Any) -> dict[str, Any]:
    """A first page of `count` entries that run backwards through the years."""
    items = [
        page(
            title=f"Entry number {number}",
            url=f"/posts/{number}/",
            date=f"{2026 - number // 7}-{12 - number % 7:02}-{28 - number % 28:02}T00:00:00Z",
            description=None if number % 3 else f"What there is to say about number {number}.",
        )
        for number in range(count)
    ]
    return {
        "title": "Posts",
        "items": items,
        "page": 1,
        "pages": 1,
        "total": count,
        "previous": None,
        "next": None,
        "section": None,
        "term": None,
        "feeds": [],
        **changes,
    }


def search(text: str, count: int, **changes: Any) -> dict[str, Any]:
    """A first page of what was found for a text, in which the text itself is marked."""
    found = [{"text": "Beside ", "marked": False}, {"text": text, "marked": True}]
    items = [
        {**page(title=f"Number {n}", url=f"/{n}/"), "marked": found, "snippet": found}
        for n in range(count)
    ]
    return {
        "text": text,
        "url": "/search/",
        "key": "q",
        "items": items,
        "page": 1,
        "pages": 1,
        "total": count,
        "previous": None,
        "next": None,
        "widened": False,
        **changes,
    }


def context(theme: str, **changes: Any) -> dict[str, Any]:
    return {
        "site": site(),
        "page": None,
        "body": "",
        "metadata": {},
        "list": None,
        "terms": None,
        "search": None,
        "around": {"previous": None, "next": None, "related": [], "sections": []},
        "settings": settings(theme),
        "route": {"name": "document", "params": {}, "url": "/feed/", "mount": "/feed/"},
        "error": None,
        **changes,
    }
