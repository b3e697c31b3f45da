"""Takes a YAML header apart: keys and items with the comments that belong to them. Pure.

A block list of anything but scalars is one value. The text has been read before, so that it is
known to be right and within bounds.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from apps.content.merging.flow_tree import Part, flow
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
from apps.content.merging.yaml_spans import Kind, Span, yaml_spans

_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_EMPTY = re.compile(r"( *)[ \t]*(#[^\n]*)?\n")
_EMPTY_LINES = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*+")
_COLON = re.compile(r"[ \t]*:")
_DASH = re.compile(r"( *)-[ \t]*")
_BLOCKS = (Kind.BLOCK_MAP, Kind.BLOCK_LIST)


def yaml_tree(text: str, value: dict[str, Any]) -> Branch:
    """Raises Unlocated."""
    span = yaml_spans(text)
    if span is None:
        return Branch(True, Style.BLOCK, "", (), text)
    reader = _Reader(text)
    if span.kind is Kind.BLOCK_MAP:
        tree, end = reader.block_map(span, value, _Opening(0, 0, -1))
    else:
        flat, end = reader.node(span, value), span.end
        if not isinstance(flat, Branch):
            raise Unlocated
        tree = replace(flat, opening=text[: span.start] + flat.opening)
    return replace(tree, closing=tree.closing + text[end:])


@dataclass(frozen=True, slots=True)
class _Opening:
    """The rest of the line that a block stands under, and the column where that line begins."""

    start: int
    end: int
    column: int


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def node(self, span: Span, value: Any) -> Node:
        """Of a value that is no block."""
        if span.kind is Kind.FLOW_MAP:
            pairs = zip(span.inner[::2], span.inner[1::2], value.items(), strict=True)
            parts = [
                Part((name,), key.start, self.node(own, inner), own.end)
                for key, own, (name, inner) in pairs
            ]
            return flow(self._text, (span.start, span.end), Style.FLOW, parts, is_map=True)
        if span.kind is Kind.FLOW_LIST and all(map(is_scalar, value)):
            listed = zip(numbered(value), span.inner, value, strict=True)
            parts = [Part(key, s.start, self.node(s, v), s.end) for key, s, v in listed]
            return flow(self._text, (span.start, span.end), Style.FLOW, parts, is_map=False)
        return Leaf(self._text[span.start : span.end], value)

    def block_map(self, span: Span, value: dict[str, Any], opening: _Opening) -> tuple[Branch, int]:
        """And where the next line begins that does not belong to it."""
        items, at = [], opening.end
        pairs = zip(span.inner[::2], span.inner[1::2], value.items(), strict=True)
        for key, own, (name, inner) in pairs:
            before = self._before(at, key.start - span.column, key.start)
            item, at = self._entry((name,), before, key, (own, inner))
            items.append(item)
        return self._branch(items, (opening, at), span.column, is_map=True)

    def _entry(
        self, key: Key, before: str, name: Span, value: tuple[Span, Any]
    ) -> tuple[Item, int]:
        line = name.start - name.column
        colon = _COLON.match(self._text, name.end)
        if colon is None:
            raise Unlocated
        if value[0].kind not in _BLOCKS:
            return self._leaf(key, before, line, value)
        opening = _Opening(colon.end(), self._rest(colon.end()), name.column)
        node, end = self._block(*value, opening)
        return Item(key, before, self._text[line : colon.end()], node), end

    def _block(self, span: Span, value: Any, opening: _Opening) -> tuple[Node, int]:
        if span.kind is Kind.BLOCK_MAP:
            return self.block_map(span, value, opening)
        listed = self._block_list(span, value, opening) if all(map(is_scalar, value)) else None
        if listed:
            return listed
        end = self._line_end(span.end)
        return Leaf(self._text[opening.start : end], value), end

    def _block_list(
        self, span: Span, value: list[Any], opening: _Opening
    ) -> tuple[Branch, int] | None:
        items, at = [], opening.end
        for key, own, inner in zip(numbered(value), span.inner, value, strict=True):
            line = self._text.rfind("\n", 0, own.start) + 1
            dash = _DASH.match(self._text, line)
            if not dash or len(dash[1]) != span.column or dash.end() < own.start:
                return None
            before = self._before(at, line, line)
            item, at = self._leaf(key, before, line, (own, inner))
            items.append(item)
        return self._branch(items, (opening, at), span.column, is_map=False)

    def _leaf(self, key: Key, before: str, line: int, value: tuple[Span, Any]) -> tuple[Item, int]:
        span, inner = value
        end = self._line_end(span.end)
        head, after = self._text[line : span.start], self._text[span.end : end]
        return Item(key, before, head, self.node(span, inner), after=after), end

    def _branch(
        self, items: list[Item], places: tuple[_Opening, int], column: int, *, is_map: bool
    ) -> tuple[Branch, int]:
        """With the comments that stand below its items, as far in as they."""
        opening, at = places
        scan = end = at
        while scan < len(self._text) and (line := _EMPTY.match(self._text, scan)):
            scan = line.end()
            if line[2]:
                if len(line[1]) < column or len(line[1]) <= opening.column:
                    break
                end = scan
        first, last = self._text[opening.start : opening.end], self._text[at:end]
        return Branch(is_map, Style.BLOCK, first, tuple(items), last, column), end

    def _before(self, start: int, line: int, end: int) -> str:
        """The comments and blank lines above a line, which begins with spaces up to `end`."""
        if not _EMPTY_LINES.fullmatch(self._text, start, line) or line < start:
            raise Unlocated
        if self._text[line:end].strip(" "):
            raise Unlocated
        return self._text[start:line]

    def _line_end(self, end: int) -> int:
        """Of the line on which a value ends; a block of text ends where the next line begins."""
        if end and self._text[end - 1] == "\n":
            return end
        return self._rest(end)

    def _rest(self, end: int) -> int:
        found = _REST.match(self._text, end)
        if not found:
            raise Unlocated
        return found.end()
