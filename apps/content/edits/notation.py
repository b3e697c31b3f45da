"""What the three formats must be able to say for an edit to be made in them. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from apps.content.edits.fields import read_moment
from apps.content.edits.spans import Node

_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d$")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a value is to be written: with which quotes, and like which text before it."""

    style: str = ""
    written: str = ""
    indent: str = ""
    flow: bool = False


class Notation(Protocol):
    """`equals` are the usual separators of key and value, the most usual first."""

    equals: tuple[str, ...]
    moments: bool
    """Whether dates stand without quotes."""

    def spans(self, text: str) -> Node:
        """Of a header that the strict reader accepts."""

    def name(self, name: str) -> str: ...

    def write(self, value: Any, manner: Manner) -> str:
        """Never with a line break, unless the manner was that of a text over several lines.

        Raises EditError where the format has no such value.
        """


def quotes_dates(manner: Manner) -> bool:
    """Whether a date stood in quotes before."""
    return bool(manner.style) and read_moment(manner.written.strip("\"'")) is not None


def moment(value: date, written: str) -> str:
    """ISO 8601, with the separators and the sign for UTC that the date before it had."""
    text = value.isoformat()
    if not isinstance(value, datetime):
        return text
    if written[10:11] in ("t", " "):
        text = text[:10] + written[10] + text[11:]
    if written[-1:] in ("Z", "z") and text.endswith("+00:00"):
        return text[:-6] + written[-1]
    if re.search(r" [+-]\d\d:?\d*$", written):
        text = _OFFSET.sub(lambda offset: f" {offset[0]}", text)
    return text
