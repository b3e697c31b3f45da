"""An item of an export as the file that it becomes, and its comments beside it as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.content.wordpress.messages import Author, Comment, Item
from apps.gitsync.importing.headers import (
    TERMS,
    Value,
    as_json,
    header,
    moment,
    plain_text,
    title_text,
)
from apps.gitsync.importing.naming import taxonomy_key
from apps.gitsync.importing.places import CONTENT, Place

COMMENTS: Final = "data/comments"
NEVER: Final = frozenset({"spam", "trash", "post-trashed"})
"""Comments that nobody wanted are not taken over."""
FORMAT: Final = "post_format"
DIGITS: Final = 6
"""Of a weight."""
WORDS: Final = (
    "title date updated authors description draft visibility path aliases redirect_to sticky weight"
    " image type slug publish expires menus menu format alt"
)
OUR_KEYS: Final = frozenset(WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What goes into a file besides what the item itself says. `image` is the picture that stands
    for it, `target` where a page that is none leads."""

    place: Place
    authors: Mapping[str, Author]
    html: str
    image: str = ""
    target: str = ""
    aliases: tuple[str, ...] = ()


def content_of(item: Item, document: Document) -> bytes:
    fields = {key: value for key, value in _fields(item, document) if value not in ("", (), [])}
    return f"{header(fields)}{document.html}".encode(errors="replace")


def _fields(item: Item, document: Document) -> list[tuple[str, Value]]:
    place = document.place
    author = document.authors.get(item.creator)
    shown = place.visibility
    return [
        ("title", title_text(item.title)),
        ("date", moment(item.date, item.date_gmt)),
        ("updated", moment(item.modified, item.modified_gmt)),
        ("authors", tuple(n for n in [(author and author.name) or item.creator] if n)),
        ("description", plain_text(item.excerpt)),
        *([("draft", True)] if shown == "draft" else []),
        *([("visibility", shown)] if shown == "private" else []),
        ("path", place.address),
        ("aliases", tuple(sorted({*place.aliases, *document.aliases} - {place.address}))),
        ("redirect_to", document.target),
        *([("sticky", True)] if item.sticky else []),
        *_weight(item),
        ("image", document.image),
        ("alt", item.meta.get("_wp_attachment_image_alt", "")),
        *_terms(item),
        ("wordpress_id", int(item.id)),
        ("wordpress_type", item.type),
        ("wordpress_guid", item.guid),
    ]


def _weight(item: Item) -> list[tuple[str, Value]]:
    small = item.order.isdecimal() and len(item.order) < 7
    return (
        [("weight", int(item.order))] if item.type == "page" and small and int(item.order) else []
    )


def _terms(item: Item) -> list[tuple[str, Value]]:
    found: dict[str, list[str]] = {}
    for taxonomy, slug, name in item.terms:
        if taxonomy == FORMAT:
            found["format"] = [slug.removeprefix("post-format-")]
        elif key := taxonomy_key(taxonomy):
            key = f"wordpress-{key}" if key in OUR_KEYS else key
            found.setdefault(key, []).append(title_text(name) or slug)
    several = {key: tuple(dict.fromkeys(names))[:TERMS] for key, names in sorted(found.items())}
    return [(key, names[0] if key == "format" else names) for key, names in several.items()]


def comments_path(place: Place) -> str:
    """Not within the folder of documents, where JSON would be a page of its own."""
    return f"{COMMENTS}{place.path.removeprefix(CONTENT).removesuffix('.html')}.json"


def wanted_comments(item: Item) -> tuple[Comment, ...]:
    return tuple(each for each in item.comments if each.approved not in NEVER)


def comments_of(place: Place, comments: tuple[Comment, ...]) -> bytes:
    return as_json({"document": place.path, "comments": list(map(_comment, comments))})


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "parent": comment.parent if comment.parent.strip("0") else "",
        "type": comment.type or "comment",
        "approved": comment.approved in ("1", "approved"),
        "author": comment.author,
        "url": comment.url,
        "date": moment(comment.date, comment.date_gmt),
        "text": comment.text,
    }
