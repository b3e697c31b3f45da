"""A page, a list and a site such as templates and plugins are shown, for trials and previews."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from apps.content.renderings import Source

TEXT: Final = Path(__file__).with_name("sample.md")
MARKDOWN: Final = "commonmark"

SITE: Final[Mapping[str, Any]] = {
    "title": "Sample site",
    "description": "What a site says of itself",
    "base_url": "https://example.org",
    "language": "en",
}
SECTIONS: Final = [{"title": "Notes", "url": "/notes/"}, {"title": "About", "url": "/about/"}]
MENU: Final = [{**each, "below": []} for each in SECTIONS]
THEME_SITE: Final[Mapping[str, Any]] = {
    **SITE,
    "sections": SECTIONS,
    "menu": MENU,
    "menus": {"main": MENU},
    "feed_url": "/feed/",
    "feeds": [{"type": "application/atom+xml", "url": "/feed/"}],
    "search_url": "/search/",
}
"""Of a site what templates see."""
PAGE: Final[Mapping[str, Any]] = {
    "title": "A sample page",
    "url": "/notes/a-sample-page/",
    "kind": "page",
    "type": None,
    "weight": None,
    "sticky": False,
    "date": "2026-03-26T00:00:00Z",
    "updated": "2026-04-02T00:00:00Z",
    "description": "It has a bit of everything that a text may have",
    "authors": ["Ada"],
    "terms": [
        {"taxonomy": "tags", "name": "first", "url": "/tags/first/"},
        {"taxonomy": "tags", "name": "second", "url": "/tags/second/"},
    ],
    "meta": {"title": "A sample page", "tags": ["first", "second"]},
    "section": {"title": "Notes", "url": "/notes/"},
    "breadcrumbs": [{"title": "Notes", "url": "/notes/"}],
    "image": None,
}
CONTENT: Final = {name: value for name, value in PAGE.items() if name != "image"}
"""Of a page what plugins see."""
SECTION: Final[Mapping[str, Any]] = {
    **PAGE,
    "title": "Notes",
    "url": "/notes/",
    "kind": "section",
    "terms": [],
    "meta": {"title": "Notes"},
    "section": None,
    "breadcrumbs": [],
}
REQUEST: Final[Mapping[str, Any]] = {"method": "GET", "path": PAGE["url"], "headers": {}}
RESPONSE: Final[Mapping[str, Any]] = {
    "status": 200,
    "headers": {"content-type": "text/html; charset=utf-8"},
}
SYSTEM: Final[Mapping[str, Any]] = {"commit": "0" * 40, "branch": "main"}
ERROR: Final[Mapping[str, Any]] = {
    "status": 404,
    "title": "Page not found",
    "message": "There is no page at this address.",
    "request_id": "0123456789abcdef",
}
LIST: Final[Mapping[str, Any]] = {
    "title": "Notes",
    "items": [
        {**PAGE, "terms": [], "title": f"Note {n}", "url": f"/notes/note-{n}/"} for n in (3, 2, 1)
    ],
    "page": 1,
    "pages": 2,
    "total": 4,
    "previous": None,
    "next": "/notes/page/2/",
    "section": {"title": "Notes", "url": "/notes/"},
    "term": None,
    "feeds": [{"type": "application/atom+xml", "url": "/feed/notes/"}],
}
TERMS: Final[Mapping[str, Any]] = {
    "taxonomy": "tags",
    "title": "Tags",
    "items": [
        {"name": "first", "url": "/tags/first/", "total": 2},
        {"name": "second", "url": "/tags/second/", "total": 1},
    ],
}
SEARCH: Final[Mapping[str, Any]] = {
    "text": "note",
    "url": "/search/",
    "key": "q",
    "items": [
        {
            **each,
            "marked": [
                {"text": "Note", "marked": True},
                {"text": each["title"][4:], "marked": False},
            ],
            "snippet": [
                {"text": "It has a ", "marked": False},
                {"text": "note", "marked": True},
                {"text": " of <everything>…", "marked": False},
            ],
        }
        for each in LIST["items"]
    ],
    "page": 1,
    "pages": 2,
    "total": 4,
    "previous": None,
    "next": "/search/?q=note&page=2",
    "widened": False,
}
AROUND: Final[Mapping[str, Any]] = {"previous": None, "next": None, "related": [], "sections": []}
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "content.resolved": ("site", "request", "content"),
    "request.received": ("site", "request"),
    "response.prepared": ("site", "request", "response"),
}
"""Which sections an event has; those of the system have their own and the site."""


def event(topic: str) -> dict[str, Mapping[str, Any]]:
    """All sections of an event; of the content without its body."""
    page = {"request": REQUEST, "content": CONTENT, "response": RESPONSE}
    of = {"site": SITE, "system": SYSTEM, **page}
    return {name: of[name] for name in EVENTS.get(topic, ("site", "system"))}


def template_values(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a template sees of a page that is no list."""
    return {
        "site": dict(THEME_SITE),
        "page": dict(PAGE),
        "metadata": {},
        "list": None,
        "terms": None,
        "search": None,
        "around": dict(AROUND),
        "settings": {k: list(v) if type(v) is tuple else v for k, v in settings.items()},
        "route": {"name": "sample", "params": {}, "url": "/notes/a-sample-page/", "mount": "/"},
        "error": None,
    }


def text() -> Source:
    return Source("sample.md", MARKDOWN, TEXT.read_text(encoding="utf-8"))
