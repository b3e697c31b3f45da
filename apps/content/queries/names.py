"""Names of fields as authors of themes write them. Pure."""

import re
from typing import Final

from apps.content.queries.bounds import KEY, PATH_PARTS
from apps.content.queries.tree import COLUMNS, Field, Form, Kind, Order, column

TAXONOMY: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}|\{[a-z][a-z0-9_]{0,31}\}")
NEWEST: Final = Order(column("date"), descending=True)
SORTED: Final = tuple(name for name, form in COLUMNS.items() if form is not Form.NAMES)


TOLD: Final = frozenset(
    {
        *("title", "description", "summary", "date", "updated", "lastmod", "modified"),
        *("author", "authors", "type", "weight", "sticky"),
        *("draft", "visibility", "slug", "path", "aliases", "taxonomies", "menus"),
    }
)
"""Keys of front matter that the product reads: they are asked for as columns and terms, or not at
all, and are not kept once more."""


class UnknownField(ValueError):
    """There is no such field. Says what there is."""


def field_named(name: str) -> Field:
    """Raises UnknownField."""
    first, dot, rest = name.partition(".")
    if not dot and first in COLUMNS:
        return column(first)
    if dot and first == Kind.META and is_path(rest):
        if (key := rest.partition(".")[0]) in TOLD:
            raise UnknownField(f"is read as a field of its own: {key}, if there is one")
        return Field(Kind.META, rest)
    if TAXONOMY.fullmatch(taxonomy := rest if dot and first == Kind.TERMS else name):
        return Field(Kind.TERMS, taxonomy)
    known = ", ".join(COLUMNS)
    raise UnknownField(f"is not a field: {known}, meta.<name>, terms.<taxonomy> or a taxonomy")


def order_named(text: str) -> Order:
    """`-date` is by date, the newest first. Raises UnknownField."""
    name = text.removeprefix("-")
    descending = text != name
    if name in SORTED:
        return Order(column(name), descending)
    if name.startswith("meta.") and is_path(path := name.removeprefix("meta.")):
        return Order(Field(Kind.META, path), descending)
    raise UnknownField(f"is nothing to sort by: {', '.join(SORTED)} or meta.<name>, - before it")


def is_path(path: str) -> bool:
    """Into front matter: keys with a dot between them."""
    parts = path.split(".")
    return len(parts) <= PATH_PARTS and all(map(is_key, parts))


def is_key(key: str) -> bool:
    return 0 < len(key) <= KEY and key.isprintable() and not set(key) & set(".{}$")
