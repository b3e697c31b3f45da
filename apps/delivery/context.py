"""What plugins and templates get to see of a page: plain values only. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from apps.content.listings import IndexedDocument, Listing, ListQuery
from apps.content.queries.filling import fill
from apps.content.queries.tree import term_of
from apps.content.surroundings import weight_of
from apps.delivery.absolute import absolute
from apps.delivery.around import NOTHING
from apps.delivery.beside import Titled, above, surroundings, worded
from apps.delivery.observation import Found, Observation
from apps.delivery.quoting import quoted
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest
from apps.delivery.routing import Match, Routes
from apps.delivery.searching import values as search_values
from apps.delivery.terms import PAGE

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
    page = _page(document, site, routes) if document else None
    listed = _list(found, listing, match, site, routes) if listing else None
    _show_pictures(found, page, listed)
    return {
        "site": site.values,
        "page": page,
        "metadata": _plain(metadata),
        "list": listed,
        "terms": _terms(found, routes) if found.terms else None,
        "search": _search(found, match, site, routes),
        "around": surroundings(
            found.around, [_titled(each.section, site) for each in found.around.below]
        ),
        "settings": _plain(match.theme.settings),
        "route": {
            "name": match.route.name,
            "params": dict(match.params),
            "url": quoted(match.base),
            "mount": match.theme.mount,
        },
        "error": None,
    }


def _show_pictures(
    found: Found, page: dict[str, Any] | None, listed: Mapping[str, Any] | None
) -> None:
    """Addresses of the pictures that stand for documents."""
    mains = found.pictures.mains
    shown = [(page, found.document)] if page and found.document else []
    if listed and found.listing:
        shown += zip(listed["items"], found.listing.items, strict=True)
    for values, document in shown:
        values["image"] = mains.get(document.source)


def error_context(
    error: PageError, site: SiteContext, settings: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "site": site.values,
        "page": None,
        "metadata": {},
        "list": None,
        "terms": None,
        "search": None,
        "around": surroundings(NOTHING, []),
        "settings": _plain(settings),
        "route": {"name": "error", "params": {}, "url": None, "mount": "/"},
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


def _page(document: IndexedDocument, site: SiteContext, routes: Routes) -> dict[str, Any]:
    return {
        "title": document.title,
        "url": quoted(document.url),
        "kind": document.kind,
        "type": document.type or None,
        "weight": weight_of(document),
        "sticky": bool(document.sticky),
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
        "breadcrumbs": _breadcrumbs(document, site),
    }


def _section(section: str, site: SiteContext) -> Titled | None:
    return _titled(section, site) if section else None


def _titled(section: str, site: SiteContext) -> Titled:
    own = site.sections.get(section)
    url = own[1] if own else f"/{section}/"
    return {"title": _section_title(section, site), "url": quoted(url)}


def _breadcrumbs(document: IndexedDocument, site: SiteContext) -> list[Titled]:
    """From the top section down to what holds the document."""
    within = document.section if document.kind == "page" else document.section.rpartition("/")[0]
    return [_titled(section, site) for section in above(within)]


def _terms(found: Found, routes: Routes) -> dict[str, Any]:
    taxonomy = found.taxonomy
    items = [
        {"name": term.name, "url": routes.term_url(taxonomy, term.slug), "total": term.total}
        for term in found.terms
    ]
    return {"taxonomy": taxonomy, "title": worded(taxonomy), "items": items}


def _search(found: Found, match: Match, site: SiteContext, routes: Routes) -> dict[str, Any] | None:
    if found.search is None:
        return None
    return search_values(found.search, match, lambda document: _page(document, site, routes))


def _section_title(section: str, site: SiteContext) -> str:
    if own := site.sections.get(section):
        return own[0]
    return worded(section.rpartition("/")[2])


def _brief(document: IndexedDocument) -> dict[str, Any]:
    """Of many items: what a map of the site needs."""
    return {
        "title": document.title,
        "url": quoted(document.url),
        "kind": document.kind,
        "date": document.date or None,
        "updated": document.updated or None,
    }


def _list(
    found: Found, listing: Listing, match: Match, site: SiteContext, routes: Routes
) -> dict[str, Any]:
    query = found.query or ListQuery()
    term = term_of(query.where)
    return {
        "title": _list_title(found, listing, match, site),
        "items": list(_items(found, listing, site, routes, brief=query.brief)),
        "page": listing.page,
        "pages": listing.pages,
        "total": listing.total,
        "previous": _turned(match, listing.page - 1) if listing.page > 1 else None,
        "next": _turned(match, listing.page + 1) if listing.page < listing.pages else None,
        "section": _section(query.section or "", site),
        "term": _term(*term, listing.name, routes) if term else None,
        "feeds": _feeds(query, term, listing, routes),
    }


def _items(
    found: Found, listing: Listing, site: SiteContext, routes: Routes, *, brief: bool
) -> Iterator[dict[str, Any]]:
    """A body is text to templates, not HTML of the page: its addresses are those of a feed."""
    base = str(site.values["base_url"])
    for item, body in zip_longest(listing.items, found.bodies):
        values = _brief(item) if brief else _page(item, site, routes)
        if body is not None:
            values["body"] = absolute(body, f"{base}{values['url']}")
        yield values


def _term(taxonomy: str, slug: str, name: str, routes: Routes) -> dict[str, Any]:
    return {"taxonomy": taxonomy, "name": name, "url": routes.term_url(taxonomy, slug)}


def _feeds(
    query: ListQuery, term: tuple[str, str] | None, listing: Listing, routes: Routes
) -> list[dict[str, str]]:
    """Of the same documents, where some of them has the date that a feed needs."""
    if not any(item.date for item in listing.items):
        return []
    if term:
        return feed_values(routes.feeds.of_term(*term))
    return feed_values(routes.feeds.of_section(query.section)) if query.section else []


def feed_values(feeds: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"type": type_, "url": url} for type_, url in feeds]


def _list_title(found: Found, listing: Listing, match: Match, site: SiteContext) -> str:
    if found.document:
        return found.document.title
    if listing.name:
        return listing.name
    section = (found.query.section if found.query else None) or match.base.strip("/")
    return _section_title(section, site) if section else str(site.values["title"])


def _turned(match: Match, page: int) -> str | None:
    """Another page of the list; a file has only one."""
    if PAGE in match.route.variables:
        path = match.theme.mount + match.route.path.lstrip("/")
        return quoted(fill(path, {**match.params, PAGE: str(page)}))
    if not match.base.endswith("/"):
        return None
    return quoted(match.base if page == 1 else f"{match.base}page/{page}/")
