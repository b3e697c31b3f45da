"""What a whole export holds, without its texts: the first of two readings.

In memory it is a small part of the file, as it grows with the number of items, not their length.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from apps.content.wordpress.messages import Author, Channel, Item, Record, Term
from apps.content.wordpress.wxr import ExportError

PUBLISHED: Final = frozenset({"publish", "future"})
ATTACHMENT, MENU_ITEM, REUSED, PAGE, POST = (
    "attachment",
    "nav_menu_item",
    "wp_block",
    "page",
    "post",
)
CAPTION: Final = 500
CHARACTERS: Final = 200_000_000
"""Of what is kept of a file together."""
REUSED_CHARACTERS: Final = 4_000_000
"""Of all reused blocks together; beyond that they are left out where they are used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is to be known of an item while others are read."""

    id: str
    type: str
    status: str
    title: str
    link: str
    slug: str
    parent: str
    order: int
    date: str
    password: bool
    line: int
    file: str = ""
    attached: str = ""
    alt: str = ""
    caption: str = ""
    old_slugs: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()
    menu: tuple[str, str, str, str] = ("", "", "", "")
    """Of a line of a menu: type, parent, id of what it leads to, address."""
    object: str = ""

    @property
    def is_public(self) -> bool:
        return self.status in PUBLISHED and not self.password


@dataclass(slots=True)
class Survey:
    """Of one file. Items are in their order, by id; `lines` are those of menus, which may be in
    several under one id. `held` counts all there are, `used` terms of what is published; `twice`
    are authors and terms that were there before."""

    site: dict[str, str] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    items: dict[str, Known] = field(default_factory=dict)
    lines: list[Known] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    reused: dict[str, str] = field(default_factory=dict)
    twice: list[Author | Term] = field(default_factory=list)
    room: int = REUSED_CHARACTERS
    characters: int = 0

    def add(self, record: Record) -> None:
        if isinstance(record, Channel):
            self.site.setdefault(record.name, record.value)
        elif isinstance(record, Author):
            self.held["author"] += 1
            self._weigh(record.login, record.name)
            if self.authors.setdefault(record.login, record) is not record:
                self.twice.append(record)
        elif isinstance(record, Term):
            self.held["term"] += 1
            self._weigh(record.taxonomy, record.slug, record.name, record.description)
            if self.terms.setdefault((record.taxonomy, record.slug), record) is not record:
                self.twice.append(record)
        else:
            self._add_item(record)

    def _weigh(self, *texts: str) -> None:
        """Raises ExportError where all that is to be known is more than a node should hold."""
        self.characters += sum(map(len, texts))
        if self.characters > CHARACTERS:
            reason = f"titles, addresses and terms have over {CHARACTERS} characters"
            raise ExportError("wordpress.bounds", 0, reason)

    def _add_item(self, item: Item) -> None:
        self.held[item.type] += 1
        self.held["comment"] += item.comment_count
        known = _known(item)
        names = (text for _, slug, name in item.terms for text in (slug, name))
        self._weigh(item.title, item.link, item.slug, item.type, *item.meta.values(), *names)
        if item.type == MENU_ITEM:
            self.lines.append(known)
        if item.type == MENU_ITEM or not item.id.isdecimal() or item.id in self.items:
            return
        self.items[item.id] = known
        if known.is_public and item.type != ATTACHMENT:
            self.used.update({(taxonomy, slug) for taxonomy, slug, _ in item.terms})
        if item.type == REUSED:
            self.room -= len(item.body)
            if self.room >= 0:
                self.reused[item.id] = item.body


def surveyed(records: Iterable[Record]) -> Survey:
    found = Survey()
    for record in records:
        found.add(record)
    return found


def _known(item: Item) -> Known:
    meta = item.meta
    return Known(
        id=item.id,
        type=item.type,
        status=item.status,
        title=item.title,
        link=item.link,
        slug=item.slug,
        parent=item.parent,
        order=int(item.order) if item.order.lstrip("-").isdecimal() and len(item.order) < 9 else 0,
        date=item.date,
        password=item.password,
        line=item.line,
        file=item.attachment_url if item.type == ATTACHMENT else "",
        attached=meta.get("_wp_attached_file", ""),
        alt=meta.get("_wp_attachment_image_alt", ""),
        caption=item.excerpt[:CAPTION] if item.type == ATTACHMENT else "",
        old_slugs=item.old_slugs,
        menus=tuple(slug for taxonomy, slug, _ in item.terms if taxonomy == "nav_menu"),
        menu=(
            meta.get("_menu_item_type", ""),
            meta.get("_menu_item_menu_item_parent", ""),
            meta.get("_menu_item_object_id", ""),
            meta.get("_menu_item_url", ""),
        ),
        object=meta.get("_menu_item_object", ""),
    )
