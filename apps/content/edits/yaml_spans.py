"""Where each value of a YAML header was written: the marks of libyaml, which reads it as well.

The strict reader has accepted the text: it is not deep, and no key is anything but text.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import yaml

from apps.content.edits.spans import Form, Node, Part


class _Loader(yaml.CSafeLoader):
    """libyaml's scanner and parser alone; no composer or constructor is ever asked."""


def yaml_spans(text: str) -> Node:
    """Raises ValueError for a broken text."""
    try:
        return _Tree(text).root()
    except yaml.YAMLError as error:
        raise ValueError("this is not YAML") from error


def yaml_comments(text: str) -> list[str]:
    """Every comment: what stands between tokens and is not blank, and on a block's first line."""
    found, at = [], 0
    for token in _tokens(text):
        found += _comments(text[at : token.start_mark.index])
        at = token.end_mark.index
        if getattr(token, "style", None) in ("|", ">"):
            found += _comments(text[token.start_mark.index : at].partition("\n")[0])
    return found + _comments(text[at:])


def _tokens(text: str) -> Iterator[Any]:
    return yaml.scan(text, Loader=_Loader)


def _comments(gap: str) -> list[str]:
    lines = (line.partition("#") for line in gap.split("\n"))
    return [comment.strip() for _, sign, comment in lines if sign]


class _Tree:
    def __init__(self, text: str) -> None:
        self._text = text
        self._dashes: list[int] = []
        self._colons: list[int] = []
        self._bodies: dict[int, int] = {}
        self._asked: dict[int, int] = {}
        asked = -1
        for token in _tokens(text):
            at = token.start_mark.index
            if isinstance(token, yaml.BlockEntryToken):
                self._dashes.append(at)
            elif isinstance(token, yaml.ValueToken):
                self._colons.append(at)
            elif isinstance(token, yaml.ScalarToken):
                self._bodies[token.end_mark.index] = at
            if asked >= 0:
                self._asked.setdefault(at, asked)
            asked = at if isinstance(token, yaml.KeyToken) and text[at : at + 1] == "?" else -1
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)

    def root(self) -> Node:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Node(0, 0, Form.LINES)
        return self._node(next(self._events))

    def _node(self, event: Any) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._closed(event, Form.DASHES, self._items(flow=bool(event.flow_style)))
        if isinstance(event, yaml.MappingStartEvent):
            return self._closed(event, Form.LINES, self._fields())
        raise ValueError("an alias")

    def _scalar(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        body = self._bodies.get(end, end) if start < end else end
        style = event.style or ""
        if style in ("|", ">"):
            end = self._block_end(body, end)
        return Node(body, end, style=style)

    def _block_end(self, start: int, end: int) -> int:
        """Blank lines behind a block are not its own, unless it says that it keeps them."""
        written = self._text[start:end]
        if "+" in written.partition("\n")[0].partition("#")[0]:
            return start + len(written.removesuffix("\n"))
        return start + len(written.rstrip(" \n"))

    def _closed(self, event: Any, form: Form, parts: list[Part]) -> Node:
        """`parts` are read by now, and the event at hand is the one that ends them."""
        node = Node(event.end_mark.index - 1, self._end, Form.FLOW)
        if not event.flow_style:
            node = Node(parts[0].start, parts[-1].end, form)
        for part in parts:
            node.add(part)
        return node

    def _items(self, *, flow: bool) -> list[Part]:
        parts = []
        for event in self._until(yaml.SequenceEndEvent):
            at = event.start_mark.index
            node = self._node(event)
            dash = at if flow else self._dashes[bisect_left(self._dashes, at) - 1]
            parts.append(Part(dash, dash if flow else dash + 1, node))
        return parts

    def _fields(self) -> list[Part]:
        parts = []
        for key in self._until(yaml.MappingEndEvent):
            start, end = key.start_mark.index, key.end_mark.index
            value = next(self._events)
            gap = self._behind_colon(end, value.start_mark.index)
            name = str(getattr(key, "value", ""))
            parts.append(Part(self._asked.get(start, start), gap, self._node(value), name))
        return parts

    def _until(self, ending: type[yaml.Event]) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, ending):
                self._end = int(event.end_mark.index)  # type: ignore[union-attr]
                return
            yield event

    def _behind_colon(self, key_end: int, value_start: int) -> int:
        """A key of a flow map may stand without one."""
        found = bisect_left(self._colons, key_end)
        colon = self._colons[found] if found < len(self._colons) else value_start
        return colon + 1 if colon < value_start else key_end
