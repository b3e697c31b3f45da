"""Reads a YAML header strictly: one meaning for each text, or a reason why not.

Input is hostile. The tree is built here from libyaml's events, since its composer recurses in C
and takes the process down on 30,000 nested brackets; types are those of YAML 1.2 as JSON has them.
"""

import re
from datetime import date, datetime
from math import isfinite
from typing import Any

import yaml

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
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
TEXT_TAGS = frozenset(("!", "tag:yaml.org,2002:str"))
TREE_TAGS = frozenset((None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:(?:[Tt]|[ \t]+)(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
    r"[ \t]*([Zz]|[-+]\d\d(?::?\d\d)?)?)?"
)


class _Events(yaml.CSafeLoader):
    """libyaml's parser alone; no composer or constructor is ever asked."""


def read_yaml(text: str) -> dict[str, Any]:
    """Raises FlawError. An empty text, or one of comments only, is an empty mapping."""
    return read_tree(Tree, text)


def read_tree(kind: type["Tree"], text: str) -> dict[str, Any]:
    """By a way of building trees. Raises FlawError."""
    try:
        return kind(text).document()
    except yaml.MarkedYAMLError as error:
        raise syntax(_place(error), _reason(error.problem or "")) from None
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise syntax(line, "a character that YAML does not allow stands here; remove it") from None


class Tree:
    """Builds one document from events. Depth is bounded, so that it may recurse."""

    def __init__(self, text: str) -> None:
        self.next = _Events(text).get_event
        self.nodes = 0

    def document(self) -> dict[str, Any]:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return {}
        first = self.next()
        value = self.value(first, 0)
        if value is not None and not isinstance(value, dict):
            raise not_a_mapping(line_of(first))
        self.next()
        if not isinstance(after := self.next(), yaml.StreamEndEvent):
            raise syntax(line_of(after), "this line starts a second YAML document; remove it")
        return value or {}

    def value(self, event: Any, depth: int) -> Any:
        self.count(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event)
        if isinstance(event, yaml.AliasEvent):
            reason = (
                f"*{str(event.anchor)[:80]} repeats another value; write that value out instead"
            )
            raise FlawError("front-matter.alias", line_of(event), reason)
        if event.tag not in TREE_TAGS:
            raise _tag(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(depth + 1)
        return self.mapping(depth + 1)

    def sequence(self, depth: int) -> list[Any]:
        values = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            values.append(self.value(event, depth))
        return values

    def mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.value(event, depth)
            if not isinstance(key, str):
                reason = "a key must be text; put it in quotes"
                raise FlawError("front-matter.key-not-text", line_of(event), reason)
            if key in values:
                raise duplicate_key(line_of(event), key)
            values[key] = self.value(self.next(), depth)
        return values

    def count(self, event: Any, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_HEADER_DEPTH:
            raise too_deep(line_of(event), MAX_HEADER_DEPTH)
        if self.nodes > MAX_HEADER_NODES:
            raise too_many(line_of(event), MAX_HEADER_NODES)


def scalar(event: Any) -> Any:
    plain = event.implicit[0]
    if event.tag is not None and not plain and event.tag not in TEXT_TAGS:
        raise _tag(event)
    return _typed(event.value) if plain else event.value


def _typed(text: str) -> Any:
    """What is not plainly something else stays text: `no`, `010`, `12:30`, `0x1f`, `.inf`."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if not (text[0] in "+-." or text[0].isdecimal()):
        return text
    if _INTEGER.fullmatch(text) and int(text) in INT64:
        return int(text)
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdecimal():
        return float(text) if isfinite(float(text)) else text
    return _moment(text)


def _moment(text: str) -> str:
    """A date or time as ISO 8601; anything else as it stands."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    day, clock, zone = found.groups()
    try:
        if clock is None:
            return date.fromisoformat(day).isoformat()
        return datetime.fromisoformat(f"{day}T{clock}{(zone or '').upper()}").isoformat()
    except ValueError:
        return text


def _place(error: yaml.MarkedYAMLError) -> int:
    """Where a quote, bracket or key began that has no end; else where reading stopped."""
    began = error.context_mark if "block" not in (error.context or "block") else None
    mark = began or error.problem_mark
    return int(mark.line) + 1 if mark else 1


def _reason(problem: str) -> str:
    if problem.startswith("mapping values are not allowed"):
        return "a value with a colon in it needs quotes, or the line is indented wrongly"
    if "cannot start any token" in problem:
        return "a value beginning with this character needs quotes; indent with spaces, not tabs"
    return f"this is not YAML: {problem}"


def _tag(event: Any) -> FlawError:
    reason = f"the tag {event.tag[:80]} is not allowed; remove it"
    return FlawError("front-matter.tag", line_of(event), reason)


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1
