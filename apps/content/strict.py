"""Reads TOML and JSON headers strictly: one meaning for each text, or a reason why not.

Input is hostile. Both give what YAML gives: JSON-like values, with dates as ISO 8601 text.
"""

import json
import re
import tomllib
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from apps.content.bounds import MAX_HEADER_DEPTH, MAX_HEADER_NODES
from apps.content.flaws import (
    FlawError,
    duplicate_key,
    not_a_mapping,
    syntax,
    too_deep,
    too_many,
)

INT64 = range(-(2**63), 2**63)
LONGEST_INT64 = len(str(-(2**63)))
HALF_CHARACTER = re.compile("[\ud800-\udfff]")

# tomllib takes time by the square of a dotted key's parts: 30,000 take 13 s.
_DOTTED = re.compile(
    r"(?<![\w\-\"'.])(?:(?:[\w\-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"
    rf"{{{MAX_HEADER_DEPTH}}}"
)
_TOML_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_TOML_TWICE = ("Cannot overwrite", "Cannot declare", "Duplicate inline table key", "Cannot mutate")
_CONSTANT = re.compile(r"\b(?:NaN|Infinity)\b")


def read_toml(text: str) -> dict[str, Any]:
    """Raises FlawError."""
    if found := _DOTTED.search(text):
        raise too_deep(_line(text, found.start()), MAX_HEADER_DEPTH)
    try:
        value = tomllib.loads(text)
    except RecursionError:
        raise too_deep(1, MAX_HEADER_DEPTH) from None
    except ValueError as error:
        raise _toml_flaw(str(error), text) from None
    tree: dict[str, Any] = _Tree().plain(value)
    return tree


def read_json(text: str) -> dict[str, Any]:
    """Raises FlawError."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer
        )
    except RecursionError:
        raise too_deep(1, MAX_HEADER_DEPTH) from None
    except json.JSONDecodeError as error:
        reason = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise syntax(error.lineno, reason) from None
    except _DuplicateError as twice:
        written = json.dumps(twice.key, ensure_ascii=False)
        raise duplicate_key(_line(text, max(text.rfind(written), 0)), twice.key) from None
    except _ConstantError as error:
        found = _CONSTANT.search(text)
        raise _number(_line(text, found.start() if found else 0), str(error)) from None
    if not isinstance(value, dict):
        raise not_a_mapping(1)
    tree: dict[str, Any] = _Tree().plain(value)
    return tree


class _Tree:
    """Makes what tomllib and json give plain, within bounds."""

    def __init__(self) -> None:
        self._nodes = 0

    def plain(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_HEADER_DEPTH:
            raise too_deep(1, MAX_HEADER_DEPTH)
        if self._nodes > MAX_HEADER_NODES:
            raise too_many(1, MAX_HEADER_NODES)
        if isinstance(value, dict):
            return {_text(key): self.plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.plain(item, depth + 1) for item in value]
        return _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        raise _number(1, str(value))
    if isinstance(value, int) and value not in INT64:
        return str(value)
    return value


def _text(value: str) -> str:
    """JSON's escapes can write half characters, which no encoding holds."""
    return value if value.isascii() else HALF_CHARACTER.sub("\ufffd", value)


class _DuplicateError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


class _ConstantError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _DuplicateError(key)
        values[key] = value
    return values


def _no_constant(name: str) -> Any:
    raise _ConstantError(name)


def _integer(text: str) -> int | str:
    """Python refuses to read thousands of digits; `_leaf` keeps what is within int64."""
    return int(text) if len(text) <= LONGEST_INT64 else text


def _toml_flaw(message: str, text: str) -> FlawError:
    found = _TOML_PLACE.search(message)
    line = int(found[1]) if found and found[1] else _line(text, len(text.rstrip()))
    problem = _TOML_PLACE.sub("", message)
    if problem.startswith(_TOML_TWICE):
        reason = "a key or table is given twice here; keep one of them"
        return FlawError("front-matter.duplicate-key", line, reason)
    return syntax(line, f"this is not TOML: {problem[:1].lower()}{problem[1:]}")


def _number(line: int, name: str) -> FlawError:
    return FlawError("front-matter.number", line, f"{name} is not a number that can be kept")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
