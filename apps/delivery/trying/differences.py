"""How two versions of one page differ, in lines that a person can read. Pure."""

import difflib
import re
from dataclasses import dataclass
from typing import Any, Final

from apps.delivery.replies import Reply

LINE: Final = 300
"""Characters of a line of a page; longer ones are broken, after a tag if possible."""
LINES: Final = 60
"""Of one page's difference."""
PAGE_CHARACTERS: Final = 1024 * 1024
"""Larger pages are compared, but their difference is not written out."""
_TEXTUAL: Final = ("text/", "application/json", "application/atom+xml", "application/xml")
_PIECE: Final = re.compile(rf".{{1,{LINE - 1}}}>|.{{1,{LINE}}}", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """Of one address. `difference` is unified, and may have been cut."""

    url: str
    status: tuple[int, int]
    difference: tuple[str, ...]
    cut: bool

    def as_json(self) -> dict[str, Any]:
        status = dict(zip(("before", "after"), self.status, strict=True))
        lines = {"difference": list(self.difference), "cut": self.cut}
        return {"url": self.url, "status": status, **lines}


def change(url: str, before: Reply, after: Reply) -> PageChange | None:
    """None where a visitor is sent the same."""
    if (before.status, before.headers, before.body) == (after.status, after.headers, after.body):
        return None
    lines, cut = _difference(_lines(before), _lines(after))
    return PageChange(url=url, status=(before.status, after.status), difference=lines, cut=cut)


def text_of(reply: Reply) -> str:
    """As it is sent, in lines that fit a page."""
    return "\n".join(_lines(reply) or ["the page is too large to be shown"])


def _lines(reply: Reply) -> list[str] | None:
    """As it is sent, without the length that follows from the rest; None for what is too large."""
    head = [f"{name}: {text}" for name, text in reply.headers if name != "content-length"]
    body = reply.body if isinstance(reply.body, bytes) else b""
    if len(body) > PAGE_CHARACTERS:
        return None
    kind = reply.header("content-type") or ""
    text = body.decode("utf-8", "replace") if kind.startswith(_TEXTUAL) else repr(body[:LINE])
    return [f"status: {reply.status}", *head, "", *_broken(text)]


def _broken(text: str) -> list[str]:
    return [piece for line in text.split("\n") for piece in _PIECE.findall(line) or [""]]


def _difference(before: list[str] | None, after: list[str] | None) -> tuple[tuple[str, ...], bool]:
    if before is None or after is None:
        return ("the page is too large to show what differs",), True
    found = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    return tuple(found[:LINES]), len(found) > LINES
