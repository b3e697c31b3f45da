"""Makes the addresses in a document's HTML absolute, for readers that show it elsewhere. Pure.

The HTML is ours: sanitised and written by us, with every attribute in double quotes and every `<`
of a text escaped. So a tag can be told from a text that shows one.
"""

import re
from functools import partial
from html import escape, unescape
from typing import Final
from urllib.parse import urljoin

_TAG: Final = re.compile(r'<[a-z][^"<>]*(?:"[^"]*"[^"<>]*)*>')
_ADDRESS: Final = re.compile(r'(?<=\s)(href|src|poster|cite)="([^"]*)"')
_SEVERAL: Final = re.compile(r'(?<=\s)srcset="([^"]*)"')


def absolute(html: str, page: str) -> str:
    """`page` is the absolute URL where the document answers."""
    return _TAG.sub(partial(_tag, page), html)


def _tag(page: str, found: re.Match[str]) -> str:
    tag = found[0]
    if "=" not in tag:
        return tag
    tag = _ADDRESS.sub(lambda each: f'{each[1]}="{_joined(page, each[2])}"', tag)
    return _SEVERAL.sub(lambda each: f'srcset="{_candidates(page, each[1])}"', tag)


def _joined(page: str, address: str) -> str:
    """What cannot be joined stays as it is."""
    try:
        return escape(urljoin(page, unescape(address)))
    except ValueError:
        return address


def _candidates(page: str, value: str) -> str:
    """Addresses, each with a width or a density after it."""
    each = (part.strip().partition(" ") for part in value.split(","))
    return ", ".join(f"{_joined(page, url)}{gap}{size}" for url, gap, size in each)
