"""A route that searches: what it reads of the query, what is found, and what its template is
shown of that."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from apps.content.listings import IndexedDocument
from apps.content.reader import Reader, Record
from apps.content.search.bounds import PAGES
from apps.content.search.finding import Hits
from apps.content.search.snippets import Piece
from apps.content.words import plain
from apps.delivery.facts import QUERY
from apps.delivery.query_keys import value_of
from apps.delivery.quoting import quoted
from apps.delivery.requests import PageRequest
from apps.delivery.routing import Match
from apps.delivery.terms import HTML
from apps.extensions.registry import Registry

DIGITS: Final = 3

ShowPage = Callable[[IndexedDocument], dict[str, Any]]


def searched(
    match: Match, request: PageRequest, reader: Reader, record: Record, language: str
) -> Hits | None:
    """None for a page that there is not. Without words nothing is asked of the index."""
    search = match.route.search
    assert search is not None
    text, page = (_value(request, key, record) for key in search.keys)
    text = plain(text)
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= DIGITS else 1
    if number > PAGES:
        return None
    if not text:
        return Hits(text="")
    found = reader.search(text, max(1, number), search.page_size, language)
    return found if found.hits or found.page == 1 else None


def values(hits: Hits, match: Match, show: ShowPage) -> dict[str, Any]:
    """Plain values. `marked` and `snippet` are pieces of text, of which some were looked for."""
    search = match.route.search
    assert search is not None
    base = quoted(match.base)

    def turned(page: int) -> str:
        keys = {search.words: hits.text} | ({search.page: str(page)} if page > 1 else {})
        return f"{base}?{urlencode(keys)}"

    items = [
        {**show(hit.document), "marked": _pieces(hit.title), "snippet": _pieces(hit.snippet)}
        for hit in hits.hits
    ]
    return {
        "text": hits.text,
        "url": base,
        "key": search.words,
        "items": items,
        "page": hits.page,
        "pages": hits.pages,
        "total": hits.total,
        "previous": turned(hits.page - 1) if hits.page > 1 else None,
        "next": turned(hits.page + 1) if hits.page < hits.pages else None,
        "widened": hits.widened,
    }


def address(registry: Registry) -> str | None:
    """Where people search, quoted; None where no theme has a page for it."""
    found = (
        theme.mount + route.path.lstrip("/")
        for theme in registry.themes
        for route in theme.manifest.routes
        if route.search and not route.variables and route.content_type.startswith(HTML)
    )
    url = next(found, None)
    return quoted(url) if url else None


def _value(request: PageRequest, key: str, record: Record) -> str:
    value = value_of(request.query, key) or ""
    record(QUERY, key, value)
    return value


def _pieces(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    return [{"text": text, "marked": is_marked} for text, is_marked in pieces]
