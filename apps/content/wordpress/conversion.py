"""Makes of a body as WordPress keeps it the HTML that a reader would have seen, in pieces.

Between the pieces stand addresses and galleries, which only who knows the whole export can fill
in. Hostile input: it runs in a confined worker. Nothing is sanitised here; rendering does that.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from apps.content.wordpress import blocks, bounds, shortcodes
from apps.content.wordpress.paragraphs import paragraphs

MORE: Final = re.compile(r"(?:<p>\s*+)?<!--\s*+more\b[^<>]*?-->(?:\s*+</p>)?")
NEXT: Final = re.compile(r"(?:<p>\s*+)?<!--\s*+nextpage\s*+-->(?:\s*+</p>)?")
_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS: Final = re.compile(r"""(\s(?:href|src|poster|data-src)\s*+=\s*+)("[^"]*"|'[^']*')""")
_SIZES: Final = re.compile(r"""\s(?:srcset|sizes|data-[\w-]+)\s*+=\s*+(?:"[^"]*"|'[^']*')""")
_BARE: Final = re.compile(
    r"(?P<open><p>|__wrapper\">)\s*+(?P<url>https?://[^\s<>\"']++)\s*+(?P<close></p>|</div>)"
)
_OTHER_COMMENT: Final = re.compile(r"<!--(?:(?!-->).)*-->", re.S)


def convert(body: str) -> dict[str, Any]:
    """`pieces` (texts, or `{"url", "raw"}`, `{"gallery", "columns"}`, `{"block"}`) and what cannot
    be as it was, with how often: `left`."""
    taken = shortcodes.take(body[: bounds.BODY_CHARACTERS])
    left = {f"[{name}]": count for name, count in taken.left.items()}
    if blocks.has_blocks(taken.text):
        html, dynamic = blocks.without_comments(taken.text, paragraphs)
        left |= {f"wp:{name}": count for name, count in dynamic.items()}
    else:
        html = paragraphs(taken.text)
    html, pages = NEXT.subn("", html)
    html, mores = MORE.subn("", html)
    left |= {name: n for name, n in (("<!--nextpage-->", pages), ("<!--more-->", mores)) if n}
    html = _BARE.sub(_linked, _without_comments(html))
    pieces = _merged(_pieces(html, taken.values))
    return {"pieces": pieces, "left": dict(sorted(left.items())[: bounds.LEFT])}


def _without_comments(html: str) -> str:
    end = html.rfind("-->") + len("-->")
    return _OTHER_COMMENT.sub("", html[:end]) + html[end:] if "<!--" in html else html


def _linked(found: re.Match[str]) -> str:
    """An address on a line of its own was a picture or a player of another site."""
    if found["open"] == "<p>":
        return shortcodes.link(found["url"])
    return f"{found['open']}{shortcodes.link(found['url'])}{found['close']}"


def _pieces(html: str, values: list[Any]) -> Iterator[Any]:
    at = 0
    for found in shortcodes.MARK.finditer(html):
        yield from _addressed(html[at : found.start()])
        at, number = found.end(), int(found[1])
        value = values[number] if number < len(values) else ""
        yield from _addressed(value) if isinstance(value, str) else [value]
    yield from _addressed(html[at:])


def _addressed(html: str) -> Iterator[Any]:
    at = 0
    for found in blocks.REUSED_MARK.finditer(html):
        yield from _tags(html[at : found.start()])
        yield {"block": found[1]}
        at = found.end()
    yield from _tags(html[at:])


def _tags(html: str) -> Iterator[Any]:
    at = 0
    for tag in _TAG.finditer(html):
        text = tag[0]
        if "=" not in text:
            continue
        yield html[at : tag.start()]
        yield from _addresses(_SIZES.sub("", text))
        at = tag.end()
    yield html[at:]


def _addresses(tag: str) -> Iterator[Any]:
    at = 0
    for found in _ADDRESS.finditer(tag):
        yield tag[at : found.start(2) + 1]
        raw = found[2][1:-1]
        yield {"url": unescape(raw)[: bounds.NAME_CHARACTERS], "raw": raw}
        at = found.end() - 1
    yield tag[at:]


def _merged(pieces: Iterator[Any]) -> list[Any]:
    """Texts beside each other are one."""
    found: list[Any] = []
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
            continue
        found += ["".join(texts), piece]
        texts = []
    return [*found, "".join(texts)]
