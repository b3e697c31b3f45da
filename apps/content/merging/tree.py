"""A header as a tree that holds all of its text: items, and what stands around their values.

Pure. Written out it is what it was read from; a merge puts parts of three such trees together.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from apps.content.merging.three_way import Undecided

Key = tuple[Any, ...]
"""In a map the names that lead to the value: one, but for TOML's dotted keys and tables. In a
list the item's value as JSON, and how often it came before."""


class Unlocated(Exception):
    """The header is written in a way that cannot be taken apart; its lines are merged instead."""


class Syntax(StrEnum):
    YAML = "yaml"
    TOML = "toml"
    JSON = "json"


class Style(Enum):
    """How a collection is written."""

    BLOCK = "YAML, a line for each item"
    FLOW = "YAML in brackets"
    TABLE = "TOML, a line for each item"
    INLINE = "TOML in brackets"
    JSON = "JSON"

    @property
    def syntax(self) -> Syntax:
        if self is Style.JSON:
            return Syntax.JSON
        return Syntax.YAML if self in (Style.BLOCK, Style.FLOW) else Syntax.TOML

    @property
    def in_brackets(self) -> bool:
        return self not in (Style.BLOCK, Style.TABLE)


class _Anything:
    """A value that is not known before the merged text is read: equal to all."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


ANYTHING = _Anything()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is merged as a whole."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Item:
    """`before` are comments and blank lines above, `head` leads up to the value (`title: `, `- `),
    `gap` stands before a comma and `after` behind it, or at the end of the line."""

    key: Key
    before: str
    head: str
    node: "Node"
    gap: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return self.before + self.head + self.node.text + self.gap + self.after


@dataclass(frozen=True, slots=True)
class Branch:
    """A map, or a list of scalars. `column` is where its items begin, in block style."""

    is_map: bool
    style: Style
    opening: str
    items: tuple[Item, ...]
    closing: str
    column: int = 0
    trailing: bool = False
    """Whether a comma follows the last item."""

    @property
    def text(self) -> str:
        last = len(self.items) - 1
        flow = self.style.in_brackets
        parts = [self.opening]
        for n, item in enumerate(self.items):
            comma = "," if flow and (n < last or self.trailing) else ""
            parts += [item.before, item.head, item.node.text, item.gap, comma, item.after]
        return "".join([*parts, self.closing])

    @property
    def value(self) -> Any:
        """Raises Undecided where two items say what one name is."""
        if not self.is_map:
            return [item.node.value for item in self.items]
        values: dict[str, Any] = {}
        for item in self.items:
            *above, last = item.key
            inner = values
            for name in above:
                inner = inner.setdefault(name, {})
                if not isinstance(inner, dict):
                    raise Undecided
            if last in inner:
                raise Undecided
            inner[last] = item.node.value
        return values


Node = Leaf | Branch


def canonical(value: Any) -> str:
    """One text for each value: 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def alike(one: Node, other: Node) -> bool:
    return one.text == other.text or canonical(one.value) == canonical(other.value)


def numbered(values: Iterable[Any]) -> list[Key]:
    """The keys of a list's items."""
    seen: Counter[str] = Counter()
    keys: list[Key] = []
    for value in values:
        text = canonical(value)
        keys.append((text, seen[text]))
        seen[text] += 1
    return keys


def is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list)
