"""What the index is asked for and answers with, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from apps.content.entries import UNWEIGHTED
from apps.content.queries.names import NEWEST
from apps.content.queries.tree import EVERYTHING, Filter, Order
from apps.content.renderings import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document as lists and templates need it. Dates are UTC text or empty."""

    source: str
    blob: str
    url: str
    kind: str
    section: str
    title: str
    description: str
    date: str
    updated: str
    authors: tuple[str, ...]
    front: Mapping[str, Any]
    type: str = ""
    weight: int = UNWEIGHTED
    sticky: int = 0
    markup: str = ""
    visibility: str = "public"
    terms: tuple[tuple[str, str, str], ...] = ()
    body: Body | None = None


class IndexedPicture(NamedTuple):
    """A file that can be shown. Of what is no picture, or none that can be read, `nature` is
    empty."""

    source: str
    url: str
    blob: str
    size: int
    type: str
    width: int
    height: int
    nature: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section's title, where it answers, and its folder as URLs show it."""

    title: str
    url: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """Which documents a list shows: pages, where `where` says nothing of their kind; without
    `section` and `where` all of the site. `skip` and `limit` are taken before pages are made.
    Of `brief` items nothing is known but titles, addresses and dates; of others their terms
    where `terms` asks for them."""

    section: str | None = None
    where: Filter = EVERYTHING
    order: tuple[Order, ...] = (NEWEST,)
    page_size: int = 20
    skip: int = 0
    limit: int | None = None
    brief: bool = False
    terms: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, counted from 1. `name` is the term as its documents write it."""

    items: tuple[IndexedDocument, ...]
    page: int
    pages: int
    total: int
    name: str = ""
