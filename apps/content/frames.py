"""Marks in a body the places where what a theme has of its pictures is put.

Runs in the worker that parses: nothing else knows for certain where an attribute ends.
"""

import re
from collections.abc import Mapping
from typing import Final, Protocol
from urllib.parse import unquote

from apps.content.elements import MARK
from apps.content.images.facts import may_be_shown

BEFORE, INSIDE, AFTER = "b", "i", "e"
"""Around an `img`, and after its attributes. Each stands before the position of its target."""
RENDITIONS, SIZE, LAZY, ASYNC = "r", "s", "l", "a"
"""What the `img` may be given, after the position: what its author has not said."""
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    RENDITIONS: ("srcset", "sizes"),
    SIZE: ("width", "height"),
    LAZY: ("loading",),
    ASYNC: ("decoding",),
}
_ATTRIBUTE: Final = "data-frame"
_PLACED: Final = re.compile(rf' {_ATTRIBUTE}="({MARK}[a-z0-9]+{MARK})"')
_ELSEWHERE: Final = re.compile(r"[#\\]|//|[a-zA-Z][a-zA-Z0-9+.\-]*:")


class Element(Protocol):
    """What is needed of an element."""

    def get(self, name: str, default: str | None = ..., /) -> str | None: ...
    def has_attribute(self, name: str, /) -> bool: ...
    def set_attribute(self, name: str, value: str, /) -> None: ...
    def before(self, content: str, *, html: bool = ...) -> None: ...
    def after(self, content: str, *, html: bool = ...) -> None: ...


class Frames:
    """Of one body; `links` are its targets by position, to which those of pictures are added."""

    def __init__(self, links: dict[str, int]) -> None:
        self._links = links
        self._left, self._is_first = False, True

    def leave(self, element: Element, /) -> None:
        """The one that comes next: its author has chosen for each browser already."""
        self._left = True

    def visit(self, element: Element, /) -> None:
        left, self._left = self._left, False
        target = (element.get("src") or "").strip()
        if left or not _may_be_ours(target):
            return
        position = self._links.setdefault(target, len(self._links))
        unsaid = [
            flag for flag, names in _SAID.items() if not any(map(element.has_attribute, names))
        ]
        # Readers see the first one at once; to begin late with it would only keep them waiting.
        if self._is_first and LAZY in unsaid:
            unsaid.remove(LAZY)
        self._is_first = False
        element.set_attribute(_ATTRIBUTE, f"{MARK}{INSIDE}{position}{''.join(unsaid)}{MARK}")
        if RENDITIONS in unsaid:
            element.before(f"{MARK}{BEFORE}{position}{MARK}")
            element.after(f"{MARK}{AFTER}{position}{MARK}")

    def settled(self, html: str) -> str:
        """With the marks bare where there was an attribute to carry them."""
        return _PLACED.sub(r"\1", html)


def _may_be_ours(target: str) -> bool:
    path = target.partition("?")[0].partition("#")[0]
    return not _ELSEWHERE.match(target) and may_be_shown(unquote(path))
