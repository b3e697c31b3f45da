"""Where each item of an export goes: its file, its address, and who may see it. Pure.

An item that was imported before stays in its file; an address that two want is the first one's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apps.content.addresses import AddressError, alias_key
from apps.gitsync.importing.naming import day, folder, stem
from apps.gitsync.importing.old_site import OldSite, address_or_none
from apps.gitsync.importing.survey import (
    ATTACHMENT,
    PAGE,
    POST,
    REUSED,
    Known,
    Survey,
)

CONTENT: Final = "content"
DEPTH: Final = 8
"""Of pages below pages; deeper ones stand beside each other."""
NOT_CONTENT: Final[Mapping[str, str]] = {
    "revision": "an earlier version; Git keeps those from now on",
    "customize_changeset": "settings of a theme of WordPress",
    "custom_css": "styles of a theme of WordPress",
    "oembed_cache": "a copy of what another site said",
    "user_request": "a request about a person's own data",
    "wp_template": "a template of WordPress",
    "wp_template_part": "a template of WordPress",
    "wp_global_styles": "styles of a theme of WordPress",
    "wp_navigation": "a menu made of blocks; make it in config.toml",
    "wp_font_family": "a font of a theme of WordPress",
    "wp_font_face": "a font of a theme of WordPress",
    REUSED: "it stands where it is used",
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "trash": "it is in the trash",
    "auto-draft": "an empty draft that nobody saved",
}
VISIBILITY: Final[Mapping[str, tuple[str, str]]] = {
    "publish": ("public", ""),
    "inherit": ("public", ""),
    "future": ("public", "scheduled: it shows from its date on"),
    "private": ("private", "it was private"),
    "draft": ("draft", "it was a draft"),
    "pending": ("draft", "it waited for review"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`address` is where its page will be, empty where only its file decides that; `old` the path
    that WordPress had it at."""

    key: str
    path: str
    address: str = ""
    old: str = ""
    aliases: tuple[str, ...] = ()
    visibility: str = "public"
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Places:
    """By id of an item. `left` says why one has none."""

    places: dict[str, Place] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def key_of(item_id: str) -> str:
    return f"item:{item_id}"


@dataclass(frozen=True, slots=True)
class Before:
    """What there was: the old site's addresses, files of earlier imports by key (`ours` are
    their paths), and sources by address of what the site has now."""

    old: OldSite
    files: Mapping[str, str]
    served: Mapping[str, str]
    ours: frozenset[str]


def placed(survey: Survey, before: Before) -> Places:
    """Documents come first: of pages of pictures nobody thinks first."""
    found = Places()
    taken = {path.lower() for path in before.files.values()}
    for item in sorted(survey.items.values(), key=lambda each: each.type == ATTACHMENT):
        if reason := NOT_CONTENT.get(item.type) or LEFT_OUT.get(item.status):
            found.left[item.id] = reason
            continue
        path = before.files.get(key_of(item.id)) or _free(_wanted(survey, item), item.id, taken)
        taken.add(path.lower())
        place = found.places[item.id] = _placed(item, path, before, found.addresses)
        if place.address:
            found.addresses[place.address] = path
    return found


def _placed(item: Known, path: str, before: Before, addresses: Mapping[str, str]) -> Place:
    visibility, told = VISIBILITY.get(item.status, ("draft", f"its status was {item.status[:40]}"))
    reasons = [told] if told else []
    if item.password and visibility == "public":
        visibility = "private"
        reasons.append("it had a password, which is not kept; it is private")
    old, address, problem = _address(item, before.old)
    if other := _other(address, path, before, addresses):
        address, problem = "", f"{other} has its old address {address}"
    if problem and visibility == "public":
        reasons.append(problem)
    return Place(
        key=key_of(item.id),
        path=path,
        address=address,
        old=old,
        aliases=_aliases(item, address),
        visibility=visibility,
        reasons=tuple(reasons),
    )


def _other(address: str, path: str, before: Before, addresses: Mapping[str, str]) -> str:
    """Whose address it is already: of this import, or of a document that no import wrote."""
    if address in addresses:
        return addresses[address]
    source = before.served.get(address, "") if address else ""
    return source if source and source != path and source not in before.ours else ""


def _address(item: Known, old: OldSite) -> tuple[str, str, str]:
    """The old path, the address that is to be the same, or why it cannot be."""
    target = old.target(item.link) if item.link else None
    if target is None:
        return "", "", "it had no address of this site"
    if target.number or not target.path.strip("/"):
        asked = "a query, which cannot be redirected" if target.number else "the front page"
        return "", "", f"its old address was {asked}"
    address = address_or_none(target.path)
    if address is None:
        return target.path, "", f"its old address {target.path[:200]} cannot be one here"
    return target.path, address, ""


def _aliases(item: Known, address: str) -> tuple[str, ...]:
    """Earlier slugs of the same item, which WordPress redirects too."""
    parent = address.rstrip("/").rpartition("/")[0]
    found = []
    for slug in item.old_slugs if address else ():
        try:
            key = alias_key(f"{parent}/{slug}/")
        except AddressError:
            continue
        if f"{key}/" != address and slug:
            found.append(f"{key}/")
    return tuple(sorted(set(found)))


def _wanted(survey: Survey, item: Known) -> list[str]:
    """Folders and the name of its file."""
    own = stem(item.slug, item.title, f"{item.type[:40].strip('-_') or 'item'}-{item.id}")
    if item.type == POST:
        dated = day(item.date)
        return ["posts", f"{dated}-{own}" if dated else own]
    if item.type != PAGE:
        return [folder(item.type), own]
    return [*_above(survey, item), own]


def _above(survey: Survey, item: Known) -> list[str]:
    found: list[str] = []
    seen = {item.id}
    parent = survey.items.get(item.parent)
    while parent and parent.type == PAGE and parent.id not in seen and len(found) < DEPTH:
        seen.add(parent.id)
        found.append(stem(parent.slug, parent.title, f"page-{parent.id}"))
        parent = survey.items.get(parent.parent)
    return found[::-1]


def _free(parts: list[str], item_id: str, taken: set[str]) -> str:
    path = "/".join([CONTENT, *parts])
    full = f"{path}.html"
    return full if full.lower() not in taken else f"{path}-{item_id}.html"
