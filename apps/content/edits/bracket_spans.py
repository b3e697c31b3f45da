"""Finds values in TOML and JSON texts that the strict reader has accepted, and only in those.

It judges nothing: what it would get wrong in a broken text was refused before.
"""

import json
import re
import tomllib
from typing import Final

from apps.content.edits.spans import Form, Node, Part

_SKIP: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
_BLANK: Final = re.compile(r"[ \t]*+")
_STRING: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\]|\\.)*+"'
    r"|'[^']*+'",
    re.S,
)
_BARE: Final = re.compile(r"[^,\]}\n#]*+")
_COMMENT: Final = re.compile(rf"{_STRING.pattern}|#([^\n]*+)", re.S)
_NAME: Final = re.compile(r'[A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|' r"'[^']*+'")


def toml_comments(text: str) -> list[str]:
    found = (each[1] for each in _COMMENT.finditer(text))
    return [comment.strip() for comment in found if comment is not None]


class Scanner:
    """Reads on from `at`. `equals` is what stands between a key and its value.

    Raises ValueError rather than read a broken text without end.
    """

    def __init__(self, text: str, equals: str) -> None:
        self.text = text
        self.at = 0
        self._equals = equals

    def skip(self) -> None:
        self.at = _SKIP.match(self.text, self.at).end()  # type: ignore[union-attr]

    def takes(self, token: str) -> bool:
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def value(self) -> Node:
        start = self.at
        if self.takes("["):
            return self._list(start)
        if self.takes("{"):
            return self._map(start)
        if found := _STRING.match(self.text, start):
            self.at = found.end()
            return Node(start, self.at, style=_quotes(found[0]))
        found = _BARE.match(self.text, start)
        if not found or not found[0]:
            raise ValueError("there is no value")
        self.at = start + len(found[0].rstrip())
        return Node(start, self.at)

    def field(self, into: Node) -> None:
        """A key, what separates, and a value."""
        start = self.at
        names = self.names()
        lead = self.text[start : names[-1][0]]
        self.blank()
        self.takes(self._equals)
        gap = self.at
        self.skip()
        value = self.value()
        holder = into
        for _, name in names[:-1]:
            holder = _dotted(holder, name, start, gap)
        holder.add(Part(start, gap, value, names[-1][1], lead))
        if holder is not into:
            _stretch(into, [name for _, name in names[:-1]], value.end)

    def names(self) -> list[tuple[int, str]]:
        """The parts of a key with their places."""
        found = []
        while True:
            self.blank()
            name = _NAME.match(self.text, self.at)
            written = name[0] if name else ""
            found.append((self.at, self._name(written)))
            self.at += len(written)
            self.blank()
            if self._equals != "=" or not self.takes("."):
                return found

    def blank(self) -> None:
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]
        if self._equals == ":":
            self.skip()

    def _name(self, written: str) -> str:
        if written[:1] not in ('"', "'"):
            return written
        if self._equals == ":":
            return str(json.loads(written))
        return str(tomllib.loads(f"a = {written}")["a"])

    def _list(self, start: int) -> Node:
        node = Node(start, start, Form.FLOW)
        while self._another("]"):
            item = self.value()
            node.add(Part(item.start, item.start, item))
        node.end = self.at
        return node

    def _map(self, start: int) -> Node:
        node = Node(start, start, Form.FLOW)
        while self._another("}"):
            self.field(node)
        node.end = self.at
        return node

    def _another(self, closing: str) -> bool:
        self.skip()
        if self.takes(","):
            self.skip()
        return not self.takes(closing) and self.at < len(self.text)


def _dotted(holder: Node, name: str, start: int, gap: int) -> Node:
    if part := holder.part(name):
        return part.node
    node = Node(start, gap, Form.DOTTED)
    holder.add(Part(start, gap, node, name))
    return node


def _stretch(holder: Node, names: list[str], end: int) -> None:
    """The tables that a dotted key adds to now end where it does."""
    for name in names:
        part = holder.part(name)
        if part is None:
            return
        holder = part.node
        if holder.form is Form.DOTTED:
            holder.end = end


def _quotes(written: str) -> str:
    return written[:3] if written[:3] in ('"""', "'''") else written[0]
