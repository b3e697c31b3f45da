"""What a worker finds wrong in one document, in words for its author. Pure.

A worker knows no path; the parent adds it and makes a `problems.Problem`.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Flaw:
    """`line` is 1-based in the file."""

    code: str
    line: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class FlawError(ValueError):
    """Raised where reading cannot go on. `line` is 1-based in the text that was being read."""

    def __init__(self, code: str, line: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.line = line
        self.reason = reason

    def moved(self, lines: int) -> Flaw:
        """The flaw in the file, when the text that was read begins so many lines down in it."""
        return Flaw(self.code, self.line + lines, self.reason)


def syntax(line: int, reason: str) -> FlawError:
    return FlawError("front-matter.syntax", line, reason)


def duplicate_key(line: int, key: str) -> FlawError:
    reason = f"the key {key[:80]!r} is given twice; keep one of them"
    return FlawError("front-matter.duplicate-key", line, reason)


def not_a_mapping(line: int) -> FlawError:
    return FlawError("front-matter.not-a-mapping", line, "write it as lines of `key: value`")


def too_deep(line: int, most: int) -> FlawError:
    return FlawError("front-matter.too-deep", line, f"values are nested over {most} levels deep")


def too_many(line: int, most: int) -> FlawError:
    reason = f"there are over {most:,} values; keep data in a file of its own"
    return FlawError("front-matter.too-large", line, reason)
