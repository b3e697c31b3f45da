"""When its author wants a document to be there, and in which order. Pure.

Policy decides by it since and until when visitors may read the document.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.content import dates
from apps.content.entries import ALWAYS, NEVER, UNWEIGHTED

HEAVIEST: Final = 1_000_000_000
CODES: Final = {"publish": "document.publish", "expires": "document.expires"}
FORM: Final = "write it as 2026-03-26 or 2026-03-26T10:00:00Z"

Tell = Callable[[str, str, str], None]
"""Takes the key that is wrong, a code and a reason."""


@dataclass(frozen=True, slots=True)
class Timing:
    """UTC text (`dates`), or that there is no such moment."""

    publish: str
    expires: str


def timing(front: Mapping[str, Any], said: str, tell: Tell) -> Timing:
    """`said` is the document's date, where its author wrote it. A moment that nobody can read
    hides the document: it might be to come, or be over."""
    publish = _moment(front, "publish", said, NEVER, tell)
    return Timing(publish, _moment(front, "expires", NEVER, ALWAYS, tell))


def weight(front: Mapping[str, Any], tell: Tell) -> int:
    value = front.get("weight")
    if value is None:
        return UNWEIGHTED
    if type(value) is int and abs(value) <= HEAVIEST:
        return value
    tell("weight", "document.weight", f"weight is {shown(value)}; write a whole number")
    return UNWEIGHTED


def shown(value: object) -> str:
    """A value as its author is told of it."""
    return json.dumps(value, ensure_ascii=False, default=str)[:80]


def _moment(front: Mapping[str, Any], key: str, otherwise: str, unread: str, tell: Tell) -> str:
    value = front.get(key)
    if value is None:
        return otherwise
    read = dates.read_date(value)
    if read is None:
        reason = f"{key} is {shown(value)}, so nobody sees the document; {FORM}"
        tell(key, CODES[key], reason)
    return read or unread
