"""What a worker says of an export, as typed values. Pure; an answer is hostile until it is decoded
here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.content.wordpress import bounds

PIECES: Final = 400_000
"""Of one body: none has more places than that in BODY_CHARACTERS."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What an export says of its site, a field at a time."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Author:
    """Without the address, which is nobody's business."""

    login: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`parent` is the slug of another one."""

    id: str
    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """`text` is HTML as a visitor wrote it."""

    id: str
    author: str
    url: str
    date: str
    date_gmt: str
    approved: str
    type: str
    parent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Whatever WordPress calls a post. `terms` are (taxonomy, slug, name); a survey has no `body`
    but that of reused blocks, and no comments."""

    line: int
    id: str
    type: str
    status: str
    title: str
    link: str
    guid: str
    creator: str
    date: str
    date_gmt: str
    modified: str
    modified_gmt: str
    slug: str
    parent: str
    order: str
    attachment_url: str
    password: bool
    sticky: bool
    terms: tuple[tuple[str, str, str], ...]
    meta: Mapping[str, str]
    old_slugs: tuple[str, ...]
    other_meta: int
    comment_count: int
    excerpt: str
    cut: bool
    body: str = ""
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A link of a body: what it says, and how that was written."""

    url: str
    raw: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """Of the pictures with these ids; without ids of all that belong to the post."""

    ids: tuple[str, ...]
    columns: str


@dataclass(frozen=True, slots=True)
class Reused:
    """A block that is kept as an item of its own."""

    id: str


Piece = str | Address | Gallery | Reused
Record = Channel | Author | Term | Item
WORDS: Final = (
    "id type status title link guid creator date date_gmt modified modified_gmt slug parent order"
    " attachment_url excerpt"
)
TEXTS: Final = tuple(WORDS.split())


@dataclass(frozen=True, slots=True)
class Converted:
    """A body's pieces, and what could not come over, with how often."""

    pieces: tuple[Piece, ...]
    left: Mapping[str, int]


def record_of(told: Any) -> Record:
    """Raises KeyError, TypeError or ValueError for what is no record."""
    kind = told["kind"]
    if kind == "item":
        return _item(told)
    if kind == "author":
        return Author(_text(told["login"]), _text(told["name"]))
    if kind == "term":
        names = ("id", "taxonomy", "slug", "name", "parent", "description")
        return Term(**{name: _text(told[name]) for name in names})
    ((name, value),) = ((key, value) for key, value in told.items() if key != "kind")
    return Channel(_text(name), _text(value))


def converted_of(told: Any) -> Converted:
    """Raises KeyError, TypeError or ValueError for what is no answer."""
    pieces = told["pieces"]
    if len(pieces) > PIECES:
        raise ValueError("a body has too many pieces")
    left = {_text(name): int(count) for name, count in told["left"].items()}
    return Converted(tuple(map(_piece, pieces)), left)


def _piece(told: Any) -> Piece:
    if isinstance(told, str):
        return told
    if "url" in told:
        return Address(_text(told["url"]), _text(told["raw"]))
    if "block" in told:
        return Reused(_text(told["block"]))
    return Gallery(tuple(map(_text, told["gallery"])), _text(told["columns"]))


def _item(told: Any) -> Item:
    terms = ((_text(a), _text(b), _text(c)) for a, b, c in told["terms"])
    fields: dict[str, Any] = {name: _text(told[name]) for name in TEXTS}
    fields |= {name: int(told[name]) for name in ("line", "other_meta", "comment_count")}
    fields |= {name: told[name] is True for name in ("password", "sticky", "cut")}
    return Item(
        **fields,
        terms=tuple(terms),
        meta={_text(key): _text(value) for key, value in told["meta"].items()},
        old_slugs=tuple(map(_text, told["old_slugs"])),
        body=_text(told.get("body", "")),
        comments=tuple(map(_comment, told.get("comments", ()))),
    )


def _comment(told: Any) -> Comment:
    return Comment(**{name: _text(value) for name, value in told.items()})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def fits(item: Item) -> bool:
    """Whether its body can be a document."""
    return len(item.body) <= bounds.BODY_CHARACTERS
