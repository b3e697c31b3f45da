"""What an edit may set: values as front matter holds them, and the error that says why not. Pure.

`checked` is the door: behind it a value is small, finite and made of plain lists and dicts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from math import isfinite
from typing import Any, Final, Union

from apps.content.bounds import MAX_HEADER_DEPTH, MAX_HEADER_NODES
from apps.content.strict import HALF_CHARACTER, INT64

Scalar = str | int | float | bool | date | datetime | None
Value = Union[Scalar, Sequence["Value"], Mapping[str, "Value"]]  # noqa: UP007 (refers to itself)
Path = tuple[str, ...]

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*")


class Absent(Enum):
    """Stands for a field that shall not be there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class EditError(ValueError):
    """The edit was not made. `line` is 1-based in the file, 0 where a line says nothing."""

    def __init__(self, code: str, line: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.line = line
        self.reason = reason


class Declined(Exception):
    """One way to make an edit does not fit what is written; another may."""


def checked(value: object) -> Any:
    """The value as lists, dicts, scalars and dates of our own. Raises EditError."""
    return _Checked().value(value, 0)


def as_read(value: Any) -> Any:
    """A checked value as the reader of front matter gives it: dates are ISO 8601 text."""
    if isinstance(value, dict):
        return {key: as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def canonical(value: Any) -> str:
    """Equal for the same values of the same types: 1, 1.0 and true are three values."""
    return json.dumps(as_read(value), sort_keys=True)


def read_moment(text: str) -> date | datetime | None:
    """The date or time that a text is in ISO 8601, as far as YAML and TOML write it so."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def refused(reason: str) -> EditError:
    return EditError("edit.value", 0, reason)


class _Checked:
    def __init__(self) -> None:
        self._nodes = 0

    def value(self, value: object, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_HEADER_DEPTH:
            raise refused(f"the value is nested over {MAX_HEADER_DEPTH} levels deep")
        if self._nodes > MAX_HEADER_NODES:
            raise refused(f"the value holds over {MAX_HEADER_NODES:,} values")
        if isinstance(value, Mapping):
            return {_name(key): self.value(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item, depth + 1) for item in value]
        return _scalar(value)


def _scalar(value: object) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not isfinite(value):
        raise refused(f"{value} is not a number that can be kept")
    if isinstance(value, int) and value not in INT64:
        raise refused("the number is too large to be kept; write it as text")
    if value is None or isinstance(value, int | float | date):
        return value
    raise refused(f"a value of type {type(value).__name__} cannot be kept")


def _text(value: str) -> str:
    if HALF_CHARACTER.search(value):
        raise refused("the text holds half of a character, which no file can")
    return str(value)


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise refused("the name of a field must be text")
    return _text(key)
