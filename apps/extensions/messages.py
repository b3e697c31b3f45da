"""Hostile text on its way to logs and people: nothing that a terminal obeys."""

import re
from typing import Final

from apps.extensions.limits import MESSAGE_CHARACTERS

OBEYED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls but tabs and ends of lines, what turns text round, and what is no character."""


def readable(message: str) -> str:
    """One short line. Controls are escaped by hand: a confined worker can load no codec for it."""
    shown = message[:MESSAGE_CHARACTERS]
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in shown)


def legible(text: str) -> str:
    """Of any number of lines. What was JSON stays so, with the same value."""
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
