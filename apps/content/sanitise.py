"""Keeps of any HTML what can only be read: the last step of every body and of every proposal.

An allow-list: what `elements` does not name is dropped.
"""

import re
from typing import Final

import nh3

from apps.content.bounds import check_html
from apps.content.elements import ATTRIBUTES, LINK_RELATIONS, SAFE, VALUES, WITHOUT_CONTENT
from apps.content.elements import MARK as MARK

SCHEMES: Final = frozenset(("http", "https", "mailto", "tel"))
PREFIXES: Final = frozenset(("aria-",))

# The one form control: the box of a task list, which nobody can tick. Not left to nh3, which
# writes several attributes of its own in another order each time.
_BOX = '<input disabled="" '
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_HEAD_TAG = re.compile(r"<(?:link|meta)\b[^>]*>")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f]+")
_EMBEDDED_IMAGE = re.compile(
    r"data:image/(?:avif|gif|jpeg|png|webp);base64,[A-Za-z0-9+/=\s]*", re.I
)


def _only_images(tag: str, attribute: str, value: str) -> str | None:
    """Data URLs are only for pictures that cannot hold script: not SVG, and never a link."""
    if not _INVISIBLE.sub("", value[:64]).lower().startswith("data:"):
        return value
    return (
        value if (tag, attribute) == ("img", "src") and _EMBEDDED_IMAGE.fullmatch(value) else None
    )


def _no_policy(tag: str, attribute: str, value: str) -> str | None:
    """A `meta` may describe the page, not change what browsers send."""
    return None if attribute == "name" and value.strip().lower() == "referrer" else value


def _cleaner(*, images: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*SAFE, "input"},
        clean_content_tags=set(WITHOUT_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        tag_attribute_values={
            tag: {name: set(values) for name, values in names.items()}
            for tag, names in VALUES.items()
        },
        generic_attribute_prefixes=set(PREFIXES),
        set_tag_attribute_values={"input": {"type": "checkbox"}},
        url_schemes=set(SCHEMES | {"data"} if images else SCHEMES),
        attribute_filter=_only_images if images else None,
        link_rel=None,
    )


_BODY = _cleaner(images=False)
_BODY_WITH_IMAGES = _cleaner(images=True)
_HEAD = nh3.Cleaner(
    tags={"link", "meta"},
    clean_content_tags=set(WITHOUT_CONTENT),
    attributes={
        "link": {"href", "hreflang", "media", "sizes", "title", "type"},
        "meta": {"content", "itemprop", "media", "name", "property"},
    },
    tag_attribute_values={"link": {"rel": set(LINK_RELATIONS)}},
    attribute_filter=_no_policy,
    url_schemes=set(SCHEMES),
    link_rel=None,
)


def clean(html: str) -> str:
    """Safe to show anywhere inside `body`. Raises FlawError where cleaning would cost too much.

    A filter in Python is asked for every attribute, so only what may need it meets it.
    """
    check_html(html)
    cleaner = _BODY_WITH_IMAGES if "data:image/" in html else _BODY
    return cleaner.clean(html).replace(MARK, "").replace("<input ", _BOX)


def clean_head(html: str) -> str:
    """Safe inside `head`: metadata and links that describe the page; any text is dropped."""
    check_html(html)
    return "".join(_HEAD_TAG.findall(_HEAD.clean(html))).replace(MARK, "")


def is_safe_url(url: str) -> bool:
    """Relative, or of a scheme that no browser runs. Browsers ignore what is invisible in it."""
    scheme = _SCHEME.match(_INVISIBLE.sub("", url))
    return scheme is None or scheme[1].lower() in SCHEMES
