"""Addresses that lead somewhere else: old ones of a document, and what a site redirects. Pure.

The input is hostile: nothing but a path of this site or a whole URL comes out.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from apps.content.addresses import AddressError, alias_key, segments

MAXIMUM: Final = 2048
"""Characters of a URL."""
REDIRECTS: Final = 10_000
"""In one configuration."""
SCHEMES: Final = ("http", "https")
_SAFE: Final = "/-._~!$&'()*+,;=:@?%#[]"
_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


def target_of(text: object) -> str:
    """Where a redirect leads: `/path/`, or a URL of http or https as it is sent. Raises
    AddressError."""
    if not isinstance(text, str) or not text or len(text) > MAXIMUM:
        raise AddressError(f"a redirect leads to a text of 1 to {MAXIMUM} characters")
    if text.startswith("/"):
        return _path(text)
    return _url(text)


def is_away(target: str) -> bool:
    """Whether it leads to another site, or to this one by its whole name."""
    return not target.startswith("/")


def redirects_of(table: Mapping[str, str]) -> dict[str, str]:
    """key → target, of a configured table. Raises AddressError, which names what is wrong."""
    if len(table) > REDIRECTS:
        raise AddressError(f"a site has at most {REDIRECTS} redirects; this has {len(table)}")
    found: dict[str, str] = {}
    for old, new in table.items():
        try:
            key = alias_key(old)
            if key in found:
                raise AddressError(f"{key} is redirected twice")
            found[key] = target_of(new)
        except AddressError as error:
            raise AddressError(f"{old[:80]!r}: {error}") from error
    return found


def _path(text: str) -> str:
    if "?" in text or "#" in text:
        raise AddressError(f"{text[:80]!r} has a query or a fragment; name the path alone")
    parts = segments(text)
    return f"/{'/'.join(parts)}{'/' if parts and text.endswith('/') else ''}"


def _url(text: str) -> str:
    """As it stands in a header: printable ASCII, with a host that nobody has to guess."""
    try:
        found = urlsplit(text)
        host = found.netloc
    except ValueError:
        host = ""
    fits = host and found.scheme.lower() in SCHEMES and _HOST.fullmatch(host)
    if not fits or not text.isprintable() or " " in text or "\\" in text:
        reason = "is neither a path such as /new/ nor a URL such as https://example.org/new/"
        raise AddressError(f"{text[:80]!r} {reason}")
    return quote(text, safe=_SAFE)
