"""Which coding of a body a visitor wants, by RFC 9110 section 12.5.3. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

IDENTITY: Final = ""
BROTLI: Final = "br"
GZIP: Final = "gzip"
OFFERED: Final = (BROTLI, GZIP)
"""The better ones first: what a visitor likes alike is decided by this order."""
ACCEPT_CHARACTERS: Final = 256
"""No browser says more; whoever does gets the bytes as they are."""
KNOWN_HEADERS: Final = 512
TEXTS: Final = ("text/", "application/json", "application/xml", "application/javascript")
TEXT_SUFFIXES: Final = ("+json", "+xml")
"""All else is compressed already, or should be by whoever made it."""

_QUALITY = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_ALIASES = {"x-gzip": GZIP}
_NOT_NAMED: Final = 0.0001
"""Of identity, where nothing is said of it: acceptable, and less than anything that is named."""


def preferred(accept: str) -> str:
    """One of OFFERED, or IDENTITY, which is also sent where nothing else is acceptable."""
    # Before it is remembered: of what may be long nobody could say how much memory it takes.
    return _preferred(accept) if len(accept) <= ACCEPT_CHARACTERS else IDENTITY


@lru_cache(maxsize=KNOWN_HEADERS)
def _preferred(accept: str) -> str:
    named = _qualities(accept)
    other = named.get("*", 0.0)
    identity = named.get("identity", other if "*" in named else _NOT_NAMED)
    best, most = IDENTITY, identity
    for coding in reversed(OFFERED):
        quality = named.get(coding, other)
        if quality > 0 and quality >= most:
            best, most = coding, quality
    return best


def is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0]
    return kind.startswith(TEXTS) or kind.endswith(TEXT_SUFFIXES)


def _qualities(accept: str) -> dict[str, float]:
    """Of a coding that is named twice the least counts, so that no refusal is overheard."""
    named: dict[str, float] = {}
    for member in accept.lower().split(","):
        name, *parameters = (part.strip(" \t") for part in member.split(";"))
        if name:
            name = _ALIASES.get(name, name)
            named[name] = min(named.get(name, 1.0), _quality(parameters))
    return named


def _quality(parameters: Sequence[str]) -> float:
    """What cannot be read is a refusal: then something simpler is sent."""
    if not parameters:
        return 1.0
    found = _QUALITY.fullmatch(parameters[0]) if len(parameters) == 1 else None
    return float(found[1]) if found else 0.0
