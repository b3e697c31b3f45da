"""First phase: what the request is about, read from the index of one commit, noted as facts."""

from dataclasses import dataclass

from apps.content.addresses import AddressError, alias_key
from apps.content.index import Index
from apps.content.listings import NEWEST, IndexedDocument, Listing, ListQuery
from apps.content.reader import Reader
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.content.warming import render_one
from apps.delivery import links
from apps.delivery.facts import HEADER, Fact, Facts
from apps.delivery.requests import PageRequest
from apps.delivery.routing import Match, Routes
from apps.extensions.routes import fill


class CommitMoved(Exception):
    """The index moved on between the registry that was taken and the first read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is at a path: a match with its document or listing, an asset, or a redirect."""

    match: Match | None = None
    document: IndexedDocument | None = None
    listing: Listing | None = None
    body: str = ""
    asset: tuple[str, int] | None = None
    redirect: str | None = None


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
    headers: tuple[str, ...] = ()


def observe(request: PageRequest, site: Observing) -> Observation:
    """Raises CommitMoved when the index is of another commit than the registry."""
    facts = Facts()
    with site.index.snapshot(facts.record, site.now) as reader:
        if reader.commit() != site.commit:
            raise CommitMoved
        found = _find(request.path, site, reader)
    if found is None or found.match is not None:
        for name in site.headers:
            facts.record(HEADER, name, request.header(name) or "")
    return Observation(request, found, facts.close())


def _find(path: str, site: Observing, reader: Reader) -> Found | None:
    if "//" in path:  # No document is there, and a redirect to it would leave the site.
        return None
    if not path.endswith("/"):
        if asset := reader.asset(path):
            return Found(asset=asset)
        if _routed(f"{path}/", site, reader):
            return Found(redirect=f"{path}/")
        return _old_path(path, reader)
    return _routed(path, site, reader) or _old_path(path, reader)


def _routed(path: str, site: Observing, reader: Reader) -> Found | None:
    matches = site.routes.matches(path)
    return next((found for match in matches if (found := _content(match, site, reader))), None)


def _content(match: Match, site: Observing, reader: Reader) -> Found | None:
    """What a route shows, or None, and then the next route may try."""
    document = reader.document(match.base, site.renderer.id) if _names_document(match) else None
    if document and not _may_show(document, match):
        document = None
    if match.route.query is None:
        return (
            Found(match=match, document=document, body=_body(document, site, reader))
            if document
            else None
        )
    if document is None and match.route.kind == "page":
        return None
    listing = reader.listing(_query(match, document), match.page)
    if not listing.items and (document is None or match.page > 1):
        return None
    if match.numbered and match.page == 1:
        return Found(redirect=match.base)
    body = _body(document, site, reader)
    return Found(match=match, document=document, listing=listing, body=body)


def _names_document(match: Match) -> bool:
    return match.route.kind is not None or match.route.query is None


def _may_show(document: IndexedDocument, match: Match) -> bool:
    kind = match.route.kind
    return kind is None or kind == document.kind


def _body(document: IndexedDocument | None, site: Observing, reader: Reader) -> str:
    """The document's HTML; what is not in the cache yet is rendered now."""
    if document is None:
        return ""
    rendered = document.body or render_one(
        site.renderer, Source(document.source, document.markup, reader.original(document.source))
    )
    return links.resolve(rendered, document.source, site.root, reader)


def _query(match: Match, document: IndexedDocument | None) -> ListQuery:
    query = match.route.query
    assert query is not None
    section = query.section
    if section is not None:
        section = document.section if document else _section(section, match)
    return ListQuery(
        section=section,
        terms=tuple(match.route.filled_query(match.params).items()),
        order=query.order or NEWEST,
        page_size=query.page_size,
    )


def _section(pattern: str, match: Match) -> str:
    """A path is told from the theme's mount on, a section from the site's front page."""
    filled = fill(pattern, match.params)
    return (match.theme.mount + filled if filled != pattern else filled).strip("/")


def _old_path(path: str, reader: Reader) -> Found | None:
    try:
        url = reader.alias(alias_key(path))
    except AddressError:
        return None
    return Found(redirect=url) if url else None
