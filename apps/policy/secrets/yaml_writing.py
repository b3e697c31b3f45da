"""Writes files of secrets in YAML as the sops tool does: four spaces, keys in order, and quotes
around all that could be read as anything but text."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from apps.policy.secrets.tree import BOOL, FLOAT, INT, NOTHING, Leaf

STEP: Final = 4 * " "
_PLAIN: Final = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_WORDS: Final = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
_SEALED: Final = re.compile(r"ENC\[[A-Za-z0-9_:,/+=]+\]")
_BLOCK: Final = re.compile(r"(?:[!-~][ -~]*\n)+")
_SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')


def written(tree: Mapping[str, Any]) -> str:
    return "".join(f"{line}\n" for line in _mapping(tree, ""))


def _mapping(node: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in node.items():
        yield from _entry(f"{indent}{_text(key)}:", value, indent + STEP)


def _entry(start: str, value: Any, indent: str) -> Iterator[str]:
    """`indent` is that of what belongs to the entry."""
    if isinstance(value, Mapping) and value:
        yield start
        yield from _mapping(value, indent)
    elif isinstance(value, list) and value:
        yield start
        for item in value:
            yield from _item(item, indent)
    else:
        first, *rest = _scalar(value)
        yield f"{start} {first}"
        yield from (indent + line for line in rest)


def _item(value: Any, indent: str) -> Iterator[str]:
    """A dash and two spaces' width; what a mapping has comes below its first key."""
    if isinstance(value, Mapping) and value:
        first, *rest = _mapping(value, f"{indent}  ")
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from rest
    elif isinstance(value, list) and value:
        yield f"{indent}-"
        for item in value:
            yield from _item(item, indent + STEP)
    else:
        first, *rest = _scalar(value)
        yield f"{indent}- {first}"
        yield from (f"{indent}  {line}" for line in rest)


def _scalar(value: Any) -> list[str]:
    if isinstance(value, Mapping | list):
        return ["{}" if isinstance(value, Mapping) else "[]"]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, Leaf):
        if value == NOTHING:
            return ["null"]
        if value.kind in (INT, FLOAT, BOOL):
            return [value.text.lower()]
        value = value.text
    if _SEALED.fullmatch(value):
        return [value]
    return ["|", *value.splitlines()] if _BLOCK.fullmatch(value) else [_text(value)]


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}"
