"""Writes a value the way another header writes its own, for a side that changed the form. Pure.

What is not said in the new form (a comment in JSON, nothing at all in TOML) is left undecided.
"""

import json
import re
from dataclasses import replace
from typing import Any

from apps.content.flaws import FlawError
from apps.content.merging.comments import inner_comments
from apps.content.merging.three_way import Undecided
from apps.content.merging.tree import Branch, Item, Leaf, Node, Style, Syntax
from apps.content.strict_yaml import read_yaml

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?")
_QUOTES = ('"', "'")


def rewritten(item: Item, branch: Branch) -> Item:
    """The item as one of `branch`. Raises Undecided where something would be lost."""
    node = rewritten_node(item.node, branch.style)
    lead = "" if branch.style.in_brackets else " " * branch.column
    head = lead + _head(item, branch.style, is_map=branch.is_map)
    return rewritten_comments(item, Item(item.key, "", head, node), branch)


def rewritten_comments(item: Item, into: Item, branch: Branch) -> Item:
    """Another item of `branch` with the comments around this one."""
    comments = [line.lstrip() for line in item.before.splitlines() if "#" in line]
    behind = (item.gap + item.after).strip()
    if branch.style.in_brackets:
        if comments or behind:
            raise Undecided
        return into
    lead = " " * branch.column
    before = "".join(f"{lead}{line}\n" for line in comments)
    return replace(into, before=before, after=f" {behind}\n" if behind else "\n")


def rewritten_node(node: Node, style: Style) -> Leaf:
    """As a value on one line. Raises Undecided."""
    if inner_comments(node):
        raise Undecided
    quoted = isinstance(node, Branch) or node.text.startswith(_QUOTES)
    if not quoted and style.syntax is Syntax.TOML and _is_date(node.value):
        return Leaf(node.value, node.value)
    return Leaf(_written(node.value, style.syntax), node.value)


def _head(item: Item, style: Style, *, is_map: bool) -> str:
    if not is_map:
        return "- " if style is Style.BLOCK else ""
    if style.syntax is Syntax.TOML:
        return ".".join(_written_key(name, Syntax.TOML) for name in item.key) + " = "
    if len(item.key) != 1:
        raise Undecided
    return _written_key(item.key[0], style.syntax) + ": "


def _written_key(name: str, syntax: Syntax) -> str:
    if syntax is Syntax.TOML and _BARE.fullmatch(name):
        return name
    return _text(name, syntax)


def _written(value: Any, syntax: Syntax) -> str:
    if syntax is Syntax.JSON:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        sign = " = " if syntax is Syntax.TOML else ": "
        pairs = (f"{_written_key(k, syntax)}{sign}{_written(v, syntax)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(each, syntax) for each in value) + "]"
    if isinstance(value, str):
        return _text(value, syntax)
    if value is None and syntax is Syntax.TOML:
        raise Undecided
    return json.dumps(value)


def _text(value: str, syntax: Syntax) -> str:
    if syntax is Syntax.YAML and _is_plain(value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_plain(value: str) -> bool:
    """Whether YAML reads it back without quotes, wherever it stands."""
    try:
        read = read_yaml(f"{{{value}: [{value}, {value}]}}\n"), read_yaml(f"{value}: {value}\n")
    except FlawError:
        return False
    return read == ({value: [value, value]}, {value: value})


def _is_date(value: object) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None
