"""All that the index keeps of one source file, as rows. Pure values.

Made by `documents` and by a sync, stored by `index_writer`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from apps.content.problems import Problem
from apps.content.words import Words

MODULUS: Final = 2**256
PUBLIC, DRAFT, PRIVATE = "public", "draft", "private"
PAGE, SECTION, REDIRECT = "page", "section", "redirect"
"""Kinds of documents; the last one has no page, it leads to another."""
ALWAYS, NEVER = "", "~"
"""Since or until when visitors may read a row, beside UTC text (`dates`): as text, all are in
order."""
UNWEIGHTED: Final = 2**31 - 1
"""The weight of a document that names none: it comes after all that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. Dates are UTC text (`dates`), empty where unknown; `front` is JSON text.
    `publish` and `expires` are its author's words for when it is there; from `shown_from` until
    `shown_until` visitors may read it, as policy decides."""

    source: str
    blob: str
    markup: str
    url: str
    kind: str
    section: str
    title: str
    description: str
    date: str
    updated: str
    date_from: str
    visibility: str
    authors: str
    front: str
    type: str = ""
    weight: int = UNWEIGHTED
    sticky: int = 0
    publish: str = ALWAYS
    expires: str = NEVER
    shown_from: str = NEVER
    shown_until: str = NEVER


class Shown(NamedTuple):
    """Since and until when visitors may read a row."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Term:
    source: str
    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A document's place in a menu, below the entry named `parent` where there is one."""

    source: str
    menu: str
    name: str
    title: str
    parent: str
    weight: int


@dataclass(frozen=True, slots=True)
class Alias:
    """An address that leads to the document of `source`, or to `target` where that is given.
    `url` is its key (`addresses.alias_key`), `line` where it was written."""

    source: str
    url: str
    target: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is served as it is; its bytes are kept by `blob`. The rest is of a picture
    (`images.facts`)."""

    source: str
    blob: str
    url: str
    size: int
    shown_from: str = NEVER
    type: str = ""
    width: int = 0
    height: int = 0
    nature: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that other apps read: configuration, manifests, templates, policies."""

    source: str
    blob: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Original:
    """A document's own bytes, from which its body is rendered when somebody asks for it."""

    source: str
    blob: str
    content: bytes = field(repr=False)


Row = Document | Alias | Term | MenuItem | Asset | KeptFile | Original | Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that the index keeps of one source file. `words` are no row: they follow from the bytes
    of the document, as a rendered body does."""

    source: str
    document: Document | None = None
    aliases: tuple[Alias, ...] = ()
    terms: tuple[Term, ...] = ()
    menus: tuple[MenuItem, ...] = ()
    asset: Asset | None = None
    kept: KeptFile | None = None
    original: Original | None = None
    words: Words | None = None
    problems: tuple[Problem, ...] = ()

    def rows(self) -> Iterable[Row]:
        single = (self.document, self.asset, self.kept, self.original)
        yield from (row for row in single if row is not None)
        yield from self.aliases
        yield from self.terms
        yield from self.menus
        yield from self.problems


def values_of(row: Any) -> tuple[Any, ...]:
    """In the order of its fields. Unlike `astuple` it copies none of them, which was a third of
    what a first sync spent on writing."""
    return _reading(row.__class__)(row)


@cache
def _reading(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(kind)))


def row_digest(row: object) -> int:
    """SHA-256 of a row's kind and values. Where there are bytes, their blob stands for them."""
    plain = [type(row).__name__, *(v for v in values_of(row) if not isinstance(v, bytes))]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
