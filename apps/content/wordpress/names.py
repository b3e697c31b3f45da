"""What the elements of an export are called, whatever its version says of their namespaces. Pure.

Versions 1.0 to 1.2 differ in the URI alone, and it stands there with http and with https.
"""

import re
from typing import Final

SEPARATOR: Final = " "
"""Between a namespace and a name, as expat tells them."""
VERSIONS: Final = frozenset({"1.0", "1.1", "1.2"})
_OWN: Final = re.compile(r"https?://wordpress\.org/export/\d\.\d/")
_EXCERPT: Final = re.compile(r"https?://wordpress\.org/export/\d\.\d/excerpt/")
_OTHERS: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}


def canonical(name: str) -> str:
    """`wp:post_id`, `content:encoded`, `title`; empty for what is of no interest."""
    uri, separator, local = name.rpartition(SEPARATOR)
    if not separator:
        return local
    if _OWN.fullmatch(uri):
        return f"wp:{local}"
    if _EXCERPT.fullmatch(uri):
        return f"excerpt:{local}"
    prefix = _OTHERS.get(uri)
    return f"{prefix}{local}" if prefix else ""
