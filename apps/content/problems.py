"""What is wrong with one file of the site, named with place and reason for its author."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` is 1-based, 0 where a line says nothing (a file name, a mode)."""

    path: str
    line: int
    code: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason} [{self.code}]"


def display_path(raw: bytes) -> str:
    """A path as text for people, another for each path: what is not UTF-8, not printable or a
    backslash is escaped."""
    text = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    """Never as \\x80 to \\xff, which stand for bytes."""
    code = ord(character)
    return character.encode("unicode_escape").decode() if code < 0x80 else f"\\u{code:04x}"
