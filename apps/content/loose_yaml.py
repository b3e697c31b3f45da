"""Reads a YAML file that other programs understand more freely than we do: one that is not ours.

Input is hostile, and bounded as in `strict_yaml`. Aliases count as what they repeat, and `<<`
merges; of a key that is given twice the last counts; tags and what is no text as a key are borne.
"""

from typing import Any

import yaml

from apps.content.bounds import MAX_HEADER_DEPTH, MAX_HEADER_NODES
from apps.content.flaws import FlawError, too_deep, too_many
from apps.content.strict_yaml import Tree, line_of, read_tree, scalar

MERGE = "<<"


def read_loose_yaml(text: str) -> dict[str, Any]:
    """Raises FlawError."""
    return read_tree(_Loose, text)


class _Loose(Tree):
    """Anchors are kept with how many values they hold and how deep, so that repeating them is
    bounded as writing them out is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._deepest = 0

    def value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(event, depth)
        nodes, deepest, self._deepest = self.nodes, self._deepest, depth
        made = self._made(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = made, self.nodes - nodes, self._deepest - depth
        self._deepest = max(deepest, self._deepest)
        return made

    def _made(self, event: Any, depth: int) -> Any:
        self.count(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event) if event.tag is None or event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(depth + 1)
        return self.mapping(depth + 1)

    def _repeated(self, event: Any, depth: int) -> Any:
        known = self._anchors.get(event.anchor)
        if known is None:
            reason = f"*{str(event.anchor)[:80]} repeats a value that is not there"
            raise FlawError("front-matter.alias", line_of(event), reason)
        value, size, height = known
        self.nodes += size
        self._deepest = max(self._deepest, depth + height)
        if depth + height > MAX_HEADER_DEPTH:
            raise too_deep(line_of(event), MAX_HEADER_DEPTH)
        if self.nodes > MAX_HEADER_NODES:
            raise too_many(line_of(event), MAX_HEADER_NODES)
        return value

    def mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key, value = self.value(event, depth), self.value(self.next(), depth)
            if key == MERGE:
                for each in value if isinstance(value, list) else [value]:
                    merged = {**(each if isinstance(each, dict) else {}), **merged}
            elif not isinstance(key, dict | list):
                values[_spelled(key)] = value
        return {**merged, **values}


def _spelled(key: object) -> str:
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return str(key)
