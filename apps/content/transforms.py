"""Decodes a plugin's proposal to change the page, and judges which elements it may touch how.

Proposals are hostile, the page's elements are the theme's. Without the HTML library: `html`
finds the elements and calls `Edit.carry_out`. Nothing here lets a page run what it did not.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from apps.content.bounds import MAX_FRAGMENT, MAX_SELECTOR
from apps.content.elements import EVERYWHERE, LINK_RELATIONS, SAFE, VOID, names
from apps.content.flaws import FlawError
from apps.content.sanitise import clean, clean_head, is_safe_url
from apps.content.selectors import is_cheap

NEVER_INSIDE: Final = names(
    "applet embed frame frameset iframe math noembed noframes noscript object plaintext script"
    " select style svg template textarea xmp"
)
"""Their content is run, or read by other rules than those by which we escape."""
FRAME: Final = names("body head html")
IN_HEAD: Final = names("link meta title")
HTML_PLACES: Final = SAFE | names(
    "body dialog fieldset form head label legend link main menu meta search title"
)
ATTRIBUTES: Final = EVERYWHERE | names(
    "align alt cite colspan content controls datetime decoding download fetchpriority headers"
    " height hidden href hreflang itemprop itemscope itemtype loading loop muted open poster"
    " preload property referrerpolicy rel reversed rowspan scope sizes span src srclang srcset"
    " start tabindex target width"
)
PREFIXES: Final = ("aria-", "data-")
ONLY_ON: Final[Mapping[str, frozenset[str]]] = {
    "content": names("meta"),
    "href": names("a area link"),
    "poster": names("video"),
    "rel": names("a area"),
    "src": names("audio img source track video"),
    "srcset": names("img source"),
    "target": names("a area"),
}
URLS: Final = names("cite href itemtype poster src")
_GUARDED: Final = NEVER_INSIDE | names("base link meta")
_NAME = re.compile(r"[a-z][a-z0-9\-]*")
_CLASS = re.compile(r"[^\s\x00]+")


class RefusedError(Exception):
    """The proposal, or what it would do to one element, is refused; the text says why."""


class Element(Protocol):
    """What an edit needs of an element; a match is only valid while it is being visited."""

    @property
    def tag(self) -> str: ...
    def get(self, name: str, default: str | None = ..., /) -> str | None: ...
    def has_attribute(self, name: str, /) -> bool: ...
    def set_attribute(self, name: str, value: str, /) -> None: ...
    def remove_attribute(self, name: str, /) -> None: ...
    def set_content(self, content: str, *, html: bool = ...) -> None: ...
    def append(self, content: str, *, html: bool = ...) -> None: ...
    def prepend(self, content: str, *, html: bool = ...) -> None: ...
    def replace(self, content: str, *, html: bool = ...) -> None: ...
    def before(self, content: str, *, html: bool = ...) -> None: ...
    def after(self, content: str, *, html: bool = ...) -> None: ...
    def remove(self) -> None: ...
    def remove_and_keep_content(self) -> None: ...


Act = Callable[[Element], None]


@dataclass(frozen=True, slots=True)
class Edit:
    """One accepted proposal. `size` is how much it adds to each element, in characters."""

    selector: str
    size: int
    carry_out: Act
    """Raises RefusedError for an element that it may not change so, and leaves that untouched."""


def decode(transform: Any) -> Edit:
    """Raises RefusedError for what is no transform, or is one that no element may have."""
    if not isinstance(transform, Mapping):
        raise RefusedError("a transform must be a table")
    selector = _argument(transform, "selector", MAX_SELECTOR)
    if not is_cheap(selector):
        raise RefusedError("inside parentheses a selector may only name one element, as :not(.a)")
    op = transform.get("op")
    make = _OPS.get(op) if isinstance(op, str) else None
    if make is None:
        raise RefusedError(f"{str(op)[:40]!r} is not an operation; one of {', '.join(_OPS)}")
    return make(selector, transform)


def _set_attribute(selector: str, transform: Mapping[str, Any]) -> Edit:
    name = _attribute_name(transform)
    value = _argument(transform, "value", MAX_FRAGMENT)
    if name not in ATTRIBUTES and not name.startswith(PREFIXES):
        raise RefusedError(f"the attribute {name} may not be set")
    if name in URLS and not is_safe_url(value):
        raise RefusedError(f"{name} may only be relative, or of http, https, mailto or tel")
    if name == "srcset" and not all(is_safe_url(part) for part in value.split(",")):
        raise RefusedError("srcset may only name images by relative, http or https URLs")
    if name == "rel" and "opener" in value.lower().split():
        raise RefusedError("rel may not hold opener")

    only = ONLY_ON.get(name)

    def act(element: Element) -> None:
        if element.tag in _GUARDED:
            _check_attributes(element)
        if only is not None and element.tag not in only:
            raise RefusedError(f"{name} may not be set on <{element.tag}>")
        element.set_attribute(name, value)

    return Edit(selector, len(value), act)


def _remove_attribute(selector: str, transform: Mapping[str, Any]) -> Edit:
    name = _attribute_name(transform)

    def act(element: Element) -> None:
        if element.tag in _GUARDED:
            _check_attributes(element)
        element.remove_attribute(name)

    return Edit(selector, 0, act)


def _add_class(selector: str, transform: Mapping[str, Any]) -> Edit:
    name = _class_name(transform)

    def act(element: Element) -> None:
        if element.tag in _GUARDED:
            _check_attributes(element)
        names = (element.get("class") or "").split()
        if name not in names:
            element.set_attribute("class", " ".join([*names, name]))

    return Edit(selector, len(name), act)


def _remove_class(selector: str, transform: Mapping[str, Any]) -> Edit:
    name = _class_name(transform)

    def act(element: Element) -> None:
        if element.tag in _GUARDED:
            _check_attributes(element)
        names = (element.get("class") or "").split()
        if name in names:
            element.set_attribute("class", " ".join(n for n in names if n != name))

    return Edit(selector, 0, act)


def _remove(selector: str, transform: Mapping[str, Any]) -> Edit:
    def act(element: Element) -> None:
        if element.tag in FRAME or element.tag == "base" or _rules_the_page(element):
            raise RefusedError(f"this <{element.tag}> may not be removed")
        element.remove()

    return Edit(selector, 0, act)


def _unwrap(selector: str, transform: Mapping[str, Any]) -> Edit:
    def act(element: Element) -> None:
        if element.tag not in HTML_PLACES or element.tag in FRAME | IN_HEAD | VOID:
            raise RefusedError(f"<{element.tag}> may not be unwrapped")
        element.remove_and_keep_content()

    return Edit(selector, 0, act)


Insert = Callable[[Element, str, bool], None]
Make = Callable[[str, Mapping[str, Any]], Edit]


def _html(insert: Insert, *, inside: bool) -> Make:
    def make(selector: str, transform: Mapping[str, Any]) -> Edit:
        given = _argument(transform, "html", MAX_FRAGMENT)
        try:
            body, head = clean(given), clean_head(given)
        except FlawError as error:
            raise RefusedError(error.reason) from None

        def act(element: Element) -> None:
            if element.tag not in HTML_PLACES or (inside and element.tag == "title"):
                raise RefusedError(f"HTML may not be put in or beside <{element.tag}>")
            _check_place(element, inside=inside)
            in_head = element.tag in IN_HEAD or (element.tag == "head" and inside)
            insert(element, head if in_head else body, True)

        return Edit(selector, max(len(body), len(head)), act)

    return make


def _text(insert: Insert, *, inside: bool) -> Make:
    def make(selector: str, transform: Mapping[str, Any]) -> Edit:
        given = _argument(transform, "text", MAX_FRAGMENT)

        def act(element: Element) -> None:
            in_head = element.tag == "head" if inside else element.tag in IN_HEAD
            if element.tag in NEVER_INSIDE or in_head:
                raise RefusedError(f"text may not be put in or beside <{element.tag}>")
            _check_place(element, inside=inside)
            insert(element, given, False)

        return Edit(selector, len(given), act)

    return make


_OPS: Final[Mapping[str, Make]] = {
    "set_attribute": _set_attribute,
    "remove_attribute": _remove_attribute,
    "add_class": _add_class,
    "remove_class": _remove_class,
    "set_inner_html": _html(lambda e, c, html: e.set_content(c, html=html), inside=True),
    "set_inner_text": _text(lambda e, c, html: e.set_content(c, html=html), inside=True),
    "append_html": _html(lambda e, c, html: e.append(c, html=html), inside=True),
    "prepend_html": _html(lambda e, c, html: e.prepend(c, html=html), inside=True),
    "replace_with_html": _html(lambda e, c, html: e.replace(c, html=html), inside=False),
    "replace_with_text": _text(lambda e, c, html: e.replace(c, html=html), inside=False),
    "insert_before_html": _html(lambda e, c, html: e.before(c, html=html), inside=False),
    "insert_before_text": _text(lambda e, c, html: e.before(c, html=html), inside=False),
    "insert_after_html": _html(lambda e, c, html: e.after(c, html=html), inside=False),
    "insert_after_text": _text(lambda e, c, html: e.after(c, html=html), inside=False),
    "remove": _remove,
    "unwrap": _unwrap,
}
OPS: Final = tuple(_OPS)


def _check_attributes(element: Element) -> None:
    """Of an element of one of the names that are guarded; all others may be changed."""
    if element.tag in NEVER_INSIDE or element.tag == "base" or _rules_the_page(element):
        raise RefusedError(f"the attributes of this <{element.tag}> may not be changed")
    if element.tag == "link":
        relations = set((element.get("rel") or "").lower().split())
        if not relations <= LINK_RELATIONS:
            raise RefusedError("a <link> that loads something may not be changed")


def _check_place(element: Element, *, inside: bool) -> None:
    if inside and (element.tag in VOID or element.tag == "html"):
        raise RefusedError(f"<{element.tag}> has no inside that could be changed")
    if not inside and (element.tag in FRAME or _rules_the_page(element)):
        raise RefusedError(f"nothing may be put beside or instead of this <{element.tag}>")


def _rules_the_page(element: Element) -> bool:
    """A `meta` that stands for a header: content security policy, refresh, character set, referrer
    policy."""
    return element.tag == "meta" and (
        element.has_attribute("http-equiv")
        or element.has_attribute("charset")
        or (element.get("name") or "").strip().lower() == "referrer"
    )


def _attribute_name(transform: Mapping[str, Any]) -> str:
    name = _argument(transform, "name", 100).lower()
    if not _NAME.fullmatch(name):
        raise RefusedError(f"{name[:40]!r} is no attribute's name")
    return name


def _class_name(transform: Mapping[str, Any]) -> str:
    name = _argument(transform, "name", 100)
    if not _CLASS.fullmatch(name):
        raise RefusedError(f"{name[:40]!r} is no class; give one, without spaces")
    return name


def _argument(transform: Mapping[str, Any], name: str, limit: int) -> str:
    value = transform.get(name)
    if not isinstance(value, str):
        raise RefusedError(f"a transform needs the text {name}")
    if len(value) > limit:
        raise RefusedError(f"{name} is longer than {limit:,} characters")
    return value
