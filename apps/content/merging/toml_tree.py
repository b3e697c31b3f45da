"""Takes a TOML header apart: keys, tables within tables, and what stands between them. Pure.

An array of tables is one value. The text has been read before, so that it is known to be right.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from apps.content.merging.flow_tree import NAMES, FlowReader, space, toml_key
from apps.content.merging.tree import Branch, Item, Key, Leaf, Style, Unlocated

_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({NAMES.pattern})[ \t]*\]\]?")
_SIGN = re.compile(r"[ \t]*=[ \t]*")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")


def toml_tree(text: str, value: dict[str, Any]) -> Branch:
    """Raises Unlocated."""
    return _Reader(text, value).tree()


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    path: Key
    before: str = ""
    head: str = ""
    items: list[Item] = field(default_factory=list)

    def branch(self, closing: str = "") -> Branch:
        keys = sorted(item.key for item in self.items)
        for one, other in pairwise(keys):
            if other[: len(one)] == one:
                raise Unlocated
        return Branch(True, Style.TABLE, "", tuple(self.items), closing)


class _Reader:
    def __init__(self, text: str, value: dict[str, Any]) -> None:
        self._text, self._value = text, value
        self._flow = FlowReader(text, Style.INLINE, toml_key)
        self._open = [_Table(())]
        self._at = 0

    def tree(self) -> Branch:
        while (start := self._next()) < len(self._text):
            before, self._at = self._text[self._at : start], start
            header = _HEADER.match(self._text, start)
            if header is None:
                self._open[-1].items.append(self._entry(before))
            elif header[1] == "[":
                self._close(path := toml_key(header[2]))
                end = self._rest(header.end())
                self._open.append(_Table(path, before, self._text[start:end]))
                self._at = end
            else:
                self._array(toml_key(header[2]), before)
        self._close((), whole=True)
        return self._open[0].branch(self._text[self._at :])

    def _next(self) -> int:
        """Where the line of the next statement begins."""
        at = space(self._text, self._at)
        if at == len(self._text):
            return at
        return max(self._at, self._text.rfind("\n", self._at, at) + 1)

    def _entry(self, before: str) -> Item:
        start = space(self._text, self._at)
        names = NAMES.match(self._text, start)
        sign = _SIGN.match(self._text, names.end()) if names else None
        if not names or not sign:
            raise Unlocated
        key = toml_key(names[0])
        node, end = self._flow.node(sign.end(), self._found((*self._open[-1].path, *key)))
        head = self._text[self._at : sign.end()]
        self._at = self._rest(end)
        return Item(key, before, head, node, after=self._text[end : self._at])

    def _array(self, path: Key, before: str) -> None:
        """All that belongs to `[[path]]`, its tables included."""
        self._close(path)
        start = self._at
        while (line := self._next()) < len(self._text):
            header = _HEADER.match(self._text, line)
            if header and toml_key(header[2])[: len(path)] != path:
                break
            self._at = line
            self._at = self._rest(header.end()) if header else self._skipped()
        key = path[len(self._open[-1].path) :]
        leaf = Leaf(self._text[start : self._at], self._found(path))
        self._open[-1].items.append(Item(key, before, "", leaf))

    def _skipped(self) -> int:
        names = NAMES.match(self._text, space(self._text, self._at))
        sign = _SIGN.match(self._text, names.end()) if names else None
        if not sign:
            raise Unlocated
        return self._rest(self._flow.end(sign.end()))

    def _close(self, path: Key, *, whole: bool = False) -> None:
        """Ends the tables that `path` is not within."""
        while len(self._open) > 1 and (
            whole or path[: len(self._open[-1].path)] != self._open[-1].path
        ):
            table = self._open.pop()
            key = table.path[len(self._open[-1].path) :]
            item = Item(key, table.before, table.head, table.branch())
            self._open[-1].items.append(item)

    def _rest(self, end: int) -> int:
        found = _REST.match(self._text, end)
        if not found:
            raise Unlocated
        return found.end()

    def _found(self, path: Key) -> Any:
        value: Any = self._value
        for name in path:
            if not isinstance(value, dict) or name not in value:
                raise Unlocated
            value = value[name]
        return value
