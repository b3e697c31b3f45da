"""What an element of an export says, as values that a message can hold. Pure; hostile input.

E-mail addresses, IP addresses and passwords are taken up nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apps.content.wordpress import bounds

ITEM: Final = "item"
RECORDS: Final[Mapping[str, int]] = {
    ITEM: bounds.ITEMS,
    "wp:author": bounds.AUTHORS,
    "wp:category": bounds.TERMS,
    "wp:tag": bounds.TERMS,
    "wp:term": bounds.TERMS,
}
"""Elements that become a record, and how many there may be."""
CHANNEL: Final = ("title", "link", "description", "language", "wp:base_blog_url")
KEPT_META: Final = frozenset(
    {
        "_thumbnail_id",
        "_wp_attached_file",
        "_wp_attachment_image_alt",
        "_wp_old_slug",
        *(f"_menu_item_{name}" for name in ("type", "menu_item_parent", "object_id")),
        *(f"_menu_item_{name}" for name in ("object", "url", "target")),
    }
)
"""Metadata with a meaning here; of all other keys only the number is told."""
OLD_SLUGS: Final = 20
"""Of one item."""
TERM_FIELDS: Final = {
    "wp:category": ("category", "cat_name", "category_nicename", "category_description"),
    "wp:tag": ("post_tag", "tag_name", "tag_slug", "tag_description"),
    "wp:term": ("", "term_name", "term_slug", "term_description"),
}
ITEM_FIELDS: Final = {
    "title": "title",
    "link": "link",
    "guid": "guid",
    "creator": "dc:creator",
    "id": "wp:post_id",
    "date": "wp:post_date",
    "date_gmt": "wp:post_date_gmt",
    "modified": "wp:post_modified",
    "modified_gmt": "wp:post_modified_gmt",
    "slug": "wp:post_name",
    "status": "wp:status",
    "parent": "wp:post_parent",
    "order": "wp:menu_order",
    "type": "wp:post_type",
    "attachment_url": "wp:attachment_url",
}
COMMENT_FIELDS: Final = {
    "id": "wp:comment_id",
    "author": "wp:comment_author",
    "url": "wp:comment_author_url",
    "date": "wp:comment_date",
    "date_gmt": "wp:comment_date_gmt",
    "approved": "wp:comment_approved",
    "type": "wp:comment_type",
    "parent": "wp:comment_parent",
}


@dataclass(slots=True)
class Element:
    """One element as it is being read; `cut` where it held more than is taken up."""

    name: str
    attributes: Mapping[str, str]
    line: int
    texts: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)
    cut: bool = False

    def text(self) -> str:
        return "".join(self.texts)

    def of(self, name: str) -> str:
        """The text of its first child of that name."""
        return next((each.text() for each in self.children if each.name == name), "")

    def line_of(self, name: str) -> str:
        """The same of what is no body."""
        return self.of(name).strip()[: bounds.NAME_CHARACTERS]

    def all(self, name: str) -> Iterator["Element"]:
        return (each for each in self.children if each.name == name)


def channel_field(element: Element) -> dict[str, Any] | None:
    if element.name not in CHANNEL:
        return None
    name = element.name.removeprefix("wp:")
    return {"kind": "channel", name: element.text().strip()[: bounds.NAME_CHARACTERS]}


def record(element: Element, *, bodies: bool) -> dict[str, Any]:
    if element.name == ITEM:
        return _item(element, bodies=bodies)
    if element.name == "wp:author":
        return {
            "kind": "author",
            "login": element.line_of("wp:author_login"),
            "name": element.line_of("wp:author_display_name"),
        }
    return _term(element)


def _term(element: Element) -> dict[str, Any]:
    taxonomy, name, slug, description = TERM_FIELDS[element.name]
    parent = "category_parent" if taxonomy == "category" else "term_parent"
    return {
        "kind": "term",
        "id": element.line_of("wp:term_id"),
        "taxonomy": taxonomy or element.line_of("wp:term_taxonomy"),
        "name": element.line_of(f"wp:{name}"),
        "slug": element.line_of(f"wp:{slug}"),
        "parent": element.line_of(f"wp:{parent}"),
        "description": element.of(f"wp:{description}").strip()[: bounds.NAME_CHARACTERS * 5],
    }


def _item(element: Element, *, bodies: bool) -> dict[str, Any]:
    comments = list(element.all("wp:comment"))
    keys = [(each.line_of("wp:meta_key"), each) for each in element.all("wp:postmeta")]
    found: dict[str, Any] = {
        "kind": ITEM,
        "line": element.line,
        **{name: element.line_of(tag) for name, tag in ITEM_FIELDS.items()},
        "password": bool(element.of("wp:post_password")),
        "sticky": element.line_of("wp:is_sticky") == "1",
        "terms": [_named_term(each) for each in element.all("category")],
        "meta": _meta(keys),
        "old_slugs": [e.line_of("wp:meta_value") for k, e in keys if k == "_wp_old_slug"][
            :OLD_SLUGS
        ],
        "other_meta": sum(key not in KEPT_META for key, _ in keys),
        "comment_count": len(comments),
        "excerpt": element.of("excerpt:encoded").strip()[: bounds.NAME_CHARACTERS * 5],
        "cut": element.cut,
    }
    if bodies:
        found["body"] = element.of("content:encoded")
        found["comments"] = [_comment(each) for each in comments]
    elif found["type"] == "wp_block":
        found["body"] = element.of("content:encoded")
    return found


def _meta(keys: list[tuple[str, Element]]) -> dict[str, str]:
    return {key: each.line_of("wp:meta_value") for key, each in keys if key in KEPT_META}


def _named_term(element: Element) -> list[str]:
    """Taxonomy, slug, name."""
    taxonomy = element.attributes.get("domain", "category")
    said = (taxonomy, element.attributes.get("nicename", ""), element.text().strip())
    return [text[: bounds.NAME_CHARACTERS] for text in said]


def _comment(element: Element) -> dict[str, str]:
    found = {name: element.line_of(tag) for name, tag in COMMENT_FIELDS.items()}
    return {**found, "text": element.of("wp:comment_content")}
