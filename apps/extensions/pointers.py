"""JSON Pointers (RFC 6901), and the patterns of them by which a theme says what may be patched."""

import re
from collections.abc import Iterable
from typing import Final

ANY: Final = "*"
BELOW: Final = "**"
_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")


class PointerError(ValueError):
    """This is no JSON Pointer, or no pattern of them; the message says why."""


def segments(pointer: str) -> tuple[str, ...]:
    """The parts of a pointer, unescaped; none for the whole document. Raises PointerError."""
    if _POINTER.fullmatch(pointer) is None:
        raise PointerError("a pointer is empty or begins with /, and in it ~ is ~0 and / is ~1")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def is_inside(pointer: str, outer: str) -> bool:
    """Whether it leads to a part of what `outer` leads to, and not to that itself."""
    inner, around = segments(pointer), segments(outer)
    return len(inner) > len(around) and inner[: len(around)] == around


def check_pattern(pattern: str) -> str:
    """Raises PointerError. The whole document can never be accepted."""
    if not pattern.startswith("/") or BELOW in segments(pattern)[:-1]:
        raise PointerError('a pattern begins with /, "*" is one part of it, "**" only its end')
    return pattern


def accepted(pointer: str, patterns: Iterable[str]) -> bool:
    """`*` stands for one part, `**` at the end for one part or more. Costs their lengths."""
    parts = segments(pointer)
    return any(_fits(parts, segments(pattern)) for pattern in patterns)


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if pattern[-1:] == (BELOW,):
        pattern = pattern[:-1]
        if len(parts) <= len(pattern):
            return False
        parts = parts[: len(pattern)]
    if len(parts) != len(pattern):
        return False
    return all(wanted in (ANY, part) for part, wanted in zip(parts, pattern, strict=True))
