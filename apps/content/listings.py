"""What the index is asked for and answers with, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.content.renderings import Body

NEWEST = "-date"
ORDERS = (NEWEST, "date", "title", "url")


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
    markup: str = ""
    visibility: str = "public"
    terms: tuple[tuple[str, str, str], ...] = ()
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section's title, where it answers, and its folder as URLs show it."""

    title: str
    url: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """Which documents a list shows. `terms` are (taxonomy, slug), all of which a document
    must have; without `section` and `terms` it is all pages of the site."""

    section: str | None = None
    terms: tuple[tuple[str, str], ...] = ()
    order: str = NEWEST
    page_size: int = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, counted from 1. `name` is the term as its documents write it."""

    items: tuple[IndexedDocument, ...]
    page: int
    pages: int
    total: int
    name: str = ""
