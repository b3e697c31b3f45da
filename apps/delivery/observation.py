"""First phase: what the request is about, read from the index of one commit, noted as facts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from apps.content.addresses import AddressError, alias_key
from apps.content.entries import REDIRECT
from apps.content.images.renditions import ROOT as RENDITIONS
from apps.content.index import Index
from apps.content.listings import IndexedDocument, Listing, ListQuery
from apps.content.reader import Reader
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.content.search.finding import Hits
from apps.content.suffixes import PAGE
from apps.content.surroundings import Filed
from apps.content.warming import render_one
from apps.delivery import links
from apps.delivery.around import NOTHING as ALL_ALONE
from apps.delivery.around import Surroundings, around, filed
from apps.delivery.facts import HEADER, Fact, Facts
from apps.delivery.listed import bodies, query_of
from apps.delivery.pictures import NOTHING, Pictures, Shown, Wanted
from apps.delivery.requests import PageRequest
from apps.delivery.routing import Match, Routes
from apps.delivery.searching import searched

SITE = "site"
"""Routes of this kind answer whatever there is."""


class CommitMoved(Exception):
    """The index moved on between the registry that was taken and the first read."""

    remedy = "Try again"

    def __init__(self) -> None:
        super().__init__("the site moved on meanwhile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is at a path: a match with its document or listing, an asset, or a redirect."""

    match: Match | None = None
    document: IndexedDocument | None = None
    query: ListQuery | None = None
    listing: Listing | None = None
    body: str = ""
    bodies: tuple[str, ...] = ()
    """Of the list's items, where they are wanted."""
    asset: tuple[str, int] | None = None
    redirect: str | None = None
    taxonomy: str = ""
    terms: tuple[Filed, ...] = ()
    around: Surroundings = ALL_ALONE
    pictures: Shown = NOTHING
    search: Hits | None = None
    rendition: Wanted | None = None
    unmade: bool = False
    """It is the address of a rendition, and there is no such rendition."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The outcome of the first phase. Without `found` there is no such page."""

    request: PageRequest
    found: Found | None
    facts: tuple[Fact, ...]

    @property
    def document(self) -> IndexedDocument | None:
        return self.found.document if self.found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observing:
    """What observing needs besides the request: the commit, and the moment that it is read at.
    `headers` are those that some plugin may read."""

    index: Index
    commit: str
    now: str
    routes: Routes
    renderer: Renderer
    root: str
    pictures: Pictures
    headers: tuple[str, ...] = ()
    language: str = ""


def observe(request: PageRequest, site: Observing) -> Observation:
    """Raises CommitMoved when the index is of another commit than the registry."""
    facts = Facts()
    with site.index.snapshot(facts.record, site.now) as reader:
        if reader.commit() != site.commit:
            raise CommitMoved
        found = _find(request.path, site, reader)
        if found and found.match and found.match.route.search:
            hits = searched(found.match, request, reader, facts.record, site.language)
            found = replace(found, search=hits) if hits else None
    if found is None or found.match is not None:
        for name in site.headers:
            facts.record(HEADER, name, request.header(name) or "")
    return Observation(request, found, facts.close())


def _find(path: str, site: Observing, reader: Reader) -> Found | None:
    if "//" in path:  # No document is there, and a redirect to it would leave the site.
        return None
    if path.startswith(RENDITIONS):
        wanted = site.pictures.wanted(path, reader)
        return Found(rendition=wanted, unmade=wanted is None)
    if not path.endswith("/"):
        if asset := reader.asset(path):
            return Found(asset=asset)
        if found := _routed(path, site, reader) or _named(path, site, reader):
            return found
        if _routed(f"{path}/", site, reader):
            return Found(redirect=f"{path}/")
        return _old_path(path, site, reader) or _feed(path, site, reader)
    return _routed(path, site, reader) or _old_path(path, site, reader) or _feed(path, site, reader)


def _feed(path: str, site: Observing, reader: Reader) -> Found | None:
    """Where readers of feeds look for one that is elsewhere here."""
    addresses = site.routes.feeds.habitual(path)
    found = next((each for each in addresses if _routed(each, site, reader)), None)
    return Found(redirect=found) if found else None


def _named(path: str, site: Observing, reader: Reader) -> Found | None:
    """A document whose address is a file's name; a route knows it with a slash."""
    if not path.endswith(PAGE):
        return None
    matches = site.routes.matches(f"{path}/")
    named = (replace(match, base=path) for match in matches if not match.numbered)
    return _first(named, site, reader)


def _routed(path: str, site: Observing, reader: Reader) -> Found | None:
    return _first(site.routes.matches(path), site, reader)


def _first(matches: Iterator[Match], site: Observing, reader: Reader) -> Found | None:
    found = next((found for match in matches if (found := _content(match, site, reader))), None)
    if found is None or found.match is None:
        return found
    items = found.listing.items if found.listing else ()
    shown = site.pictures.of_page(found.match.theme, found.document, items, reader)
    beside = around(found.match, found.document, found.query, reader)
    return replace(found, pictures=shown, around=beside)


def _content(match: Match, site: Observing, reader: Reader) -> Found | None:
    """What a route shows, or None, and then the next route may try."""
    if match.route.terms is not None:
        taxonomy, terms = filed(match, reader)
        return Found(match=match, taxonomy=taxonomy, terms=terms) if terms else None
    return _documents(match, site, reader)


def _documents(match: Match, site: Observing, reader: Reader) -> Found | None:
    if match.route.search or (match.route.kind == SITE and match.route.query is None):
        return Found(match=match)
    address = match.document
    document = reader.document(address, site.renderer.id) if _names_document(match) else None
    if document and document.kind == REDIRECT:
        return _old_path(match.base, site, reader)
    if document and not _may_show(document, match):
        document = None
    if match.route.query is None:
        return (
            Found(match=match, document=document, body=_body(match, document, site, reader))
            if document
            else None
        )
    if document is None and match.route.kind == "page":
        return None
    return _listed(match, document, site, reader)


def _listed(
    match: Match, document: IndexedDocument | None, site: Observing, reader: Reader
) -> Found | None:
    query = query_of(match, document)
    listing = reader.listing(query, match.page)
    empty = not listing.items and (document is None or match.page > 1)
    if empty and (match.route.kind != SITE or match.page > 1):
        return None
    if match.numbered and match.page == 1:
        return Found(redirect=match.base)
    body = _body(match, document, site, reader)
    return Found(
        match=match,
        document=document,
        query=query,
        listing=listing,
        body=body,
        bodies=bodies(match, listing, reader, site.renderer, site.root),
    )


def _names_document(match: Match) -> bool:
    return match.route.kind not in (None, SITE) or match.route.query is None


def _may_show(document: IndexedDocument, match: Match) -> bool:
    kind = match.route.kind
    return kind is None or kind == document.kind


def _body(match: Match, document: IndexedDocument | None, site: Observing, reader: Reader) -> str:
    """The document's HTML; what is not in the cache yet is rendered now."""
    if document is None:
        return ""
    rendered = document.body or render_one(
        site.renderer, Source(document.source, document.markup, reader.original(document.source))
    )
    pictures = site.pictures.in_body(match.theme, reader)
    return links.resolve(rendered, document.source, site.root, reader, pictures)


def _old_path(path: str, site: Observing, reader: Reader) -> Found | None:
    """A theme that shows documents of elsewhere has their old addresses as well."""
    if url := _leading(path, reader):
        return Found(redirect=url)
    theme = site.routes.theme_for(path)
    if not theme.is_beside:
        return None
    url = _leading(path.removeprefix(theme.mount.rstrip("/")), reader)
    return Found(redirect=theme.beside(url)) if url else None


def _leading(path: str, reader: Reader) -> str | None:
    try:
        return reader.alias(alias_key(path))
    except AddressError:
        return None
