"""Takes apart what stands between brackets: JSON, TOML's arrays and inline tables. Pure.

The text has been read before, so that it is known to be right; only its places are asked for.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from apps.content.merging.tree import (
    Branch,
    Item,
    Key,
    Leaf,
    Node,
    Style,
    Unlocated,
    is_scalar,
    numbered,
)

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_REMARK = re.compile(r"[ \t]*#[^\n]*")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{1,2})?'
    r"|'''.*?'''(?:'{1,2})?"
    r'|"(?:[^"\\]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}#]*+"
    r"|[^\s,\[\]{}#\"']++",
    re.S,
)
_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')"""
NAMES = re.compile(rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*+")
_SIGN = re.compile(r"\s*[:=]\s*")
_SIGN_OR_COMMA = re.compile(r"[:=,]")


class Part(NamedTuple):
    """Of a collection; where it begins is where its key does."""

    key: Key
    start: int
    node: Node
    end: int


def json_tree(text: str, value: dict[str, Any]) -> Branch:
    """Of a text that is one object and the space around it. Raises Unlocated."""
    start = text.index("{")
    node, end = FlowReader(text, Style.JSON, _json_key).node(start, value)
    if not isinstance(node, Branch):
        raise Unlocated
    return replace(node, opening=text[:start] + node.opening, closing=node.closing + text[end:])


def _json_key(text: str) -> Key:
    return (json.loads(text),)


def toml_key(text: str) -> Key:
    if text.isascii() and text.replace("-", "").replace("_", "").isalnum():
        return (text,)
    value: Any = tomllib.loads(f"{text} = 0")
    names = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        names.append(name)
    return tuple(names)


class FlowReader:
    """Of one text; values are those that a strict reader found in it."""

    def __init__(self, text: str, style: Style, key: Callable[[str], Key]) -> None:
        self._text, self._style, self._key = text, style, key

    def node(self, start: int, value: Any) -> tuple[Node, int]:
        """What begins at `start`, and where it ends. Raises Unlocated."""
        if not self._text.startswith(("[", "{"), start):
            end = _matched(_SCALAR, self._text, start)
            return Leaf(self._text[start:end], value), end
        parts, end = self._parts(start, value)
        if isinstance(value, list) and not all(map(is_scalar, value)):
            return Leaf(self._text[start:end], value), end
        is_map = isinstance(value, dict)
        return flow(self._text, (start, end), self._style, parts, is_map=is_map), end

    def end(self, start: int) -> int:
        """Where a value ends that is of no interest."""
        text, at = self._text, start
        depth = 0
        while True:
            if text.startswith(("[", "{"), at):
                depth, at = depth + 1, at + 1
            elif text.startswith(("]", "}"), at):
                depth, at = depth - 1, at + 1
            elif depth and (sign := _SIGN_OR_COMMA.match(text, at)):
                at = sign.end()
            else:
                at = _matched(_SCALAR, text, at)
            if not depth:
                return at
            at = space(text, at)

    def _parts(self, start: int, value: Any) -> tuple[list[Part], int]:
        text, at = self._text, space(self._text, start + 1)
        keys = numbered(value) if isinstance(value, list) else None
        parts: list[Part] = []
        while not text.startswith(("]", "}"), at):
            if keys is None:
                stop = _matched(NAMES, text, at)
                key = self._key(text[at:stop])
                node, end = self.node(_matched(_SIGN, text, stop), _within(value, key))
            elif len(parts) < len(keys):
                key = keys[len(parts)]
                node, end = self.node(at, value[len(parts)])
            else:
                raise Unlocated
            parts.append(Part(key, at, node, end))
            at = space(text, end)
            if text.startswith(",", at):
                at = space(text, at + 1)
        return parts, at + 1


def flow(
    text: str, span: tuple[int, int], style: Style, parts: Sequence[Part], *, is_map: bool
) -> Branch:
    """A collection in brackets. Raises Unlocated."""
    at, end = span[0] + 1, span[1]
    items, trailing = [], False
    for key, start, node, stop in parts:
        before, after_gap = text[at:start], space(text, stop)
        trailing = text.startswith(",", after_gap)
        gap = text[stop:after_gap] if trailing else ""
        at = after_gap + 1 if trailing else stop
        remark = _REMARK.match(text, at)
        after = remark[0] if remark else ""
        at += len(after)
        if space(before, 0) != len(before):
            raise Unlocated
        items.append(Item(key, before, _head(text, start, node, stop), node, gap, after))
    if at >= end:
        raise Unlocated
    return Branch(is_map, style, text[span[0]], tuple(items), text[at:end], trailing=trailing)


def _head(text: str, start: int, node: Node, stop: int) -> str:
    return text[start : stop - len(node.text)]


def _matched(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if not found:
        raise Unlocated
    return found.end()


def space(text: str, at: int) -> int:
    """Where the space and the comments end that begin at `at`."""
    return _matched(_SPACE, text, at)


def _within(value: Any, key: Key) -> Any:
    for name in key:
        if not isinstance(value, dict) or name not in value:
            raise Unlocated
        value = value[name]
    return value
