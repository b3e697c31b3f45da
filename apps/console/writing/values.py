"""Values of front matter as texts of a form, and back. Pure; both sides are hostile."""

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Final, Literal

from apps.console.writing.bounds import FIELD_CHARACTERS, LIST_ITEMS

Control = Literal[
    "line",
    "lines",
    "number",
    "switch",
    "day",
    "moment",
    "several",
    "choice",
    "file",
    "fixed",
]
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT: Final = re.compile(
    r"(?P<wall>\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?"
)
SEPARATOR: Final = ","


class Unread(ValueError):
    """What was typed is no value of this kind."""


def control_of(value: Any) -> Control:
    """What a value can be changed with; `fixed` for what a form could not give back."""
    if isinstance(value, bool):
        return "switch"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, list) and len(value) <= LIST_ITEMS and all(map(_is_word, value)):
        return "several"
    return "fixed"


def _of_text(value: str) -> Control:
    if len(value) > FIELD_CHARACTERS or "\r" in value:
        return "fixed"
    if DAY.fullmatch(value):
        return "day"
    if MOMENT.fullmatch(value):
        return "moment"
    return "lines" if "\n" in value else "line"


def _is_word(item: Any) -> bool:
    """One that stays itself between commas."""
    if not isinstance(item, str):
        return False
    return bool(item.strip() == item and item and SEPARATOR not in item and item.isprintable())


def text_of(value: Any, control: Control) -> str:
    """As the control shows it."""
    if value is None or control == "switch":
        return ""
    if control == "several":
        return f"{SEPARATOR} ".join(map(str, value)) if isinstance(value, list) else str(value)
    if control == "moment":
        found = MOMENT.fullmatch(value) if isinstance(value, str) else None
        return found["wall"].replace(" ", "T").replace("t", "T") if found else ""
    return str(value)


def zone_of(value: Any) -> str:
    """Of a moment, as people read it."""
    found = MOMENT.fullmatch(value) if isinstance(value, str) else None
    said = (found["zone"] or "").upper() if found else "Z"
    return "UTC" if said in ("", "Z") else said


def value_of(text: str, control: Control, before: Any) -> Any:
    """Raises Unread. `before` is the value that was there, None for none; a moment keeps its
    zone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control == "lines":
        return text
    text = text.strip()
    if control == "number":
        return _number(text, before)
    if control == "day":
        return _day(text, before)
    if control == "moment":
        return _moment(text, before)
    if control == "several":
        return _words(text)
    if "\n" in text:
        raise Unread("one line of text is meant")
    return text


def _number(text: str, before: Any) -> int | float:
    try:
        if type(before) is not float:
            return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        raise Unread("write a number") from None
    if not isfinite(found):
        raise Unread("write a number")
    return found


def _day(text: str, before: Any) -> str | date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Unread("write a day as 2026-03-26") from None
    return text if isinstance(before, str) else found


def _moment(text: str, before: Any) -> str | datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unread("write a moment as 2026-03-26T10:00") from None
    if not isinstance(before, str):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    old = MOMENT.fullmatch(before)
    if old is None or found.tzinfo:
        return found.isoformat()
    wall = found.isoformat(sep=before[10])
    return wall + (old["zone"] or "")


def _words(text: str) -> list[str]:
    words = [" ".join(each.split()) for each in text.split(SEPARATOR)]
    kept = list(dict.fromkeys(each for each in words if each))
    if len(kept) > LIST_ITEMS:
        raise Unread(f"{LIST_ITEMS} are the most")
    return kept
