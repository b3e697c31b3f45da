"""What stands around a page, asked of the index where its route wants it."""

from dataclasses import dataclass
from typing import Final

from apps.content.entries import PAGE
from apps.content.listings import IndexedDocument, ListQuery
from apps.content.queries.filling import fill
from apps.content.reader import Reader
from apps.content.surroundings import Below, Filed, Near, Neighbours
from apps.delivery.routing import Match

ALONE: Final = Neighbours()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Empty where nothing was asked for."""

    neighbours: Neighbours = ALONE
    related: tuple[Near, ...] = ()
    below: tuple[Below, ...] = ()


NOTHING: Final = Surroundings()


def around(
    match: Match, document: IndexedDocument | None, query: ListQuery | None, reader: Reader
) -> Surroundings:
    """Pages have neighbours and what is related to them; lists have sections below them."""
    wanted = match.route.around
    if wanted is None:
        return NOTHING
    page = document if document and document.kind == PAGE else None
    section = query.section if query else None
    return Surroundings(
        reader.neighbours(page) if wanted.neighbours and page and page.section else ALONE,
        reader.related(page, wanted.related) if wanted.related and page else (),
        reader.below(section)
        if wanted.sections and section is not None and match.page == 1
        else (),
    )


def filed(match: Match, reader: Reader) -> tuple[str, tuple[Filed, ...]]:
    """A taxonomy with its terms, where the route lists them."""
    taxonomy = fill(match.route.terms or "", match.params)
    return taxonomy, reader.filed(taxonomy)
