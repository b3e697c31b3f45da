"""Where in a header each value was written: one form of tree for YAML, TOML and JSON. Pure."""

from dataclasses import dataclass, field
from enum import Enum, auto


class Form(Enum):
    SCALAR = auto()
    FLOW = auto()
    """In brackets or braces."""
    LINES = auto()
    """A field on each line: YAML's block map, TOML's table."""
    DASHES = auto()
    """YAML's block list."""
    TABLES = auto()
    """TOML's array of tables."""
    DOTTED = auto()
    """A table that only dotted keys of TOML make."""


@dataclass(slots=True)
class Node:
    """A value. `end` is behind its last character, never behind the line's end.

    `end` is negative for a table of TOML that is only named within the names of others.
    """

    start: int
    end: int
    form: Form = Form.SCALAR
    style: str = ""
    parts: list["Part"] = field(default_factory=list)
    headed: bool = False
    _named: dict[str, "Part"] = field(default_factory=dict)

    def add(self, part: "Part") -> None:
        self.parts.append(part)
        self._named[part.key] = part

    def part(self, key: str) -> "Part | None":
        return self._named.get(key)

    def item(self, index: int) -> "Part | None":
        return self.parts[index] if index < len(self.parts) else None


@dataclass(slots=True)
class Part:
    """A field or an item. `start` is that of the key or dash; the value comes behind `gap`."""

    start: int
    gap: int
    node: Node
    key: str = ""
    lead: str = ""
    """Of a dotted key: what stands before its last name."""

    @property
    def end(self) -> int:
        return max(self.node.end, self.gap)


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)
