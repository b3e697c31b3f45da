"""What a route's query asks of the index for one request, and the texts of what it lists."""

from collections.abc import Iterator
from typing import Final

from apps.content.listings import IndexedDocument, Listing, ListQuery
from apps.content.queries.filling import fill, filled
from apps.content.reader import Reader
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.content.warming import render_one
from apps.delivery import links
from apps.delivery.routing import Match

SITE_ROOT: Final = "/"
CHARACTERS: Final = 2 * 1024 * 1024
"""Of the texts of one list: a worker writes them all into one page."""


def query_of(match: Match, document: IndexedDocument | None) -> ListQuery:
    """A section that has a document is that document's."""
    query = match.route.query
    assert query is not None
    section = query.section
    if section is not None:
        section = document.section if document else _section(section, match)
    return ListQuery(
        section=section,
        where=filled(query.tree, match.params),
        order=query.order,
        page_size=query.page_size,
        skip=query.skip,
        limit=query.limit,
        brief=query.brief,
        terms=query.item_terms,
    )


def bodies(
    match: Match, listing: Listing, reader: Reader, renderer: Renderer, root: str
) -> tuple[str, ...]:
    """The HTML of each item, where the route wants it; of the first ones, where all are too much.
    What is not in the cache is rendered now."""
    return tuple(_bodies(listing, reader, renderer, root)) if _wants_bodies(match) else ()


def _bodies(listing: Listing, reader: Reader, renderer: Renderer, root: str) -> Iterator[str]:
    left = CHARACTERS
    rendered = reader.bodies([item.source for item in listing.items], renderer.id)
    for item in listing.items:
        markup, body = rendered[item.source]
        if body is None:
            source = Source(item.source, markup, reader.original(item.source))
            body = render_one(renderer, source)
        left -= len(body.html)
        if left < 0:
            return
        yield links.resolve(body, item.source, root, reader)


def _wants_bodies(match: Match) -> bool:
    wanted = match.route.query.bodies if match.route.query else False
    return match.theme.settings.get(wanted) is True if isinstance(wanted, str) else wanted


def _section(pattern: str, match: Match) -> str:
    """A path is told from the theme's mount on, a section from the site's front page; so is a path
    after a slash."""
    found = fill(pattern, match.params)
    below = found != pattern and not pattern.startswith(SITE_ROOT)
    return (match.theme.mount + found if below else found).strip("/")
