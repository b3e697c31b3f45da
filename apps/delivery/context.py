"""What plugins and templates get to see of a page: plain values only. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from apps.content.listings import IndexedDocument, Listing
from apps.delivery.observation import Found, Observation
from apps.delivery.replies import URL_SAFE, Reply
from apps.delivery.requests import PageRequest
from apps.delivery.routing import Match, Routes

EVENT_SITE = ("title", "description", "base_url", "language")


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What is the same on every page of one commit."""

    values: Mapping[str, Any]
    sections: Mapping[str, tuple[str, str]]
    """Title and URL of each section that has a document of its own."""


@dataclass(frozen=True, slots=True)
class PageError:
    """Why there is no page, for the visitor. Only of our own faults there is something to look up:
    with the id of a request no two pages would be the same."""

    status: int
    title: str
    message: str
    request_id: str = ""


def event(
    observation: Observation, site: SiteContext, routes: Routes, names: Sequence[str]
) -> dict[str, Any]:
    """The sections of an event, with the headers of `names`; each plugin is sent only those that
    it may read."""
    found = observation.found
    document = found.document if found else None
    content = {"body": found.body, **_page(document, site, routes)} if found and document else None
    return {
        "site": {key: site.values[key] for key in EVENT_SITE},
        "request": _request(observation.request, names),
        **({"content": content} if content else {}),
    }


def prepared(
    observation: Observation, reply: Reply, site: SiteContext, names: Sequence[str]
) -> dict[str, Any]:
    """The event of a page that is written: its envelope, not its bytes."""
    request = observation.request
    headers: dict[str, str] = {}
    for name, value in reply.headers:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {
        "site": {key: site.values[key] for key in EVENT_SITE},
        "request": _request(request, names),
        "response": {"status": reply.status, "headers": headers},
    }


def _request(request: PageRequest, names: Sequence[str]) -> dict[str, Any]:
    """HEAD is answered as GET is."""
    headers = {name: value for name in names if (value := request.header(name)) is not None}
    return {"method": "GET", "path": request.path, "headers": headers}


def template_context(
    found: Found, site: SiteContext, routes: Routes, metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """All that a theme's template sees, besides the safe `body`."""
    match = found.match
    assert match is not None
    document, listing = found.document, found.listing
    return {
        "site": site.values,
        "page": _page(document, site, routes) if document else None,
        "metadata": _plain(metadata),
        "list": _list(listing, match, document, site, routes) if listing else None,
        "settings": _plain(match.theme.settings),
        "route": {"name": match.route.name, "params": dict(match.params)},
        "error": None,
    }


def error_context(
    error: PageError, site: SiteContext, settings: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "site": site.values,
        "page": None,
        "metadata": {},
        "list": None,
        "settings": _plain(settings),
        "route": {"name": "error", "params": {}},
        "error": {
            "status": error.status,
            "title": error.title,
            "message": error.message,
            "request_id": error.request_id,
        },
    }


def _plain(value: Any) -> Any:
    """Frozen values as the frames of workers carry them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


@lru_cache(maxsize=4096)
def quoted(url: str) -> str:
    return quote(url, safe=URL_SAFE)


def _page(document: IndexedDocument, site: SiteContext, routes: Routes) -> dict[str, Any]:
    return {
        "title": document.title,
        "url": quoted(document.url),
        "kind": document.kind,
        "date": document.date or None,
        "updated": document.updated or None,
        "description": document.description,
        "authors": list(document.authors),
        "terms": [
            {"taxonomy": taxonomy, "name": name, "url": routes.term_url(taxonomy, slug)}
            for taxonomy, slug, name in document.terms
        ],
        "meta": document.front,
        "section": _section(document.section, site) if document.kind == "page" else None,
    }


def _section(section: str, site: SiteContext) -> dict[str, str] | None:
    if not section:
        return None
    own = site.sections.get(section)
    url = own[1] if own else f"/{section}/"
    return {"title": _section_title(section, site), "url": quoted(url)}


def _section_title(section: str, site: SiteContext) -> str:
    if own := site.sections.get(section):
        return own[0]
    last = section.rpartition("/")[2].replace("-", " ").replace("_", " ")
    return last[:1].upper() + last[1:]


def _list(
    listing: Listing,
    match: Match,
    document: IndexedDocument | None,
    site: SiteContext,
    routes: Routes,
) -> dict[str, Any]:
    following = listing.page + 1 if listing.page < listing.pages else None
    return {
        "title": _list_title(listing, match, document, site),
        "items": [_page(item, site, routes) for item in listing.items],
        "page": listing.page,
        "pages": listing.pages,
        "total": listing.total,
        "previous": _numbered(match.base, listing.page - 1) if listing.page > 1 else None,
        "next": _numbered(match.base, following) if following else None,
    }


def _list_title(
    listing: Listing, match: Match, document: IndexedDocument | None, site: SiteContext
) -> str:
    if document:
        return document.title
    if listing.name:
        return listing.name
    section = match.base.strip("/")
    return _section_title(section, site) if section else str(site.values["title"])


def _numbered(base: str, page: int) -> str:
    return quoted(base if page == 1 else f"{base}page/{page}/")
