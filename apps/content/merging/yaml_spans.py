"""Where the values of a YAML text stand, as libyaml's events say. Pure; under `yaml_tree`."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import yaml


class Kind(Enum):
    PLAIN = "a scalar, or what has an anchor or a tag"
    FLOW_MAP = "{}"
    FLOW_LIST = "[]"
    BLOCK_MAP = "key: value"
    BLOCK_LIST = "- item"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value begins and ends. Of a map `inner` are keys and values by turns."""

    kind: Kind
    start: int
    end: int
    column: int
    inner: "tuple[Span, ...]" = ()


def yaml_spans(text: str) -> Span | None:
    """None for a text of comments only. The text is known to be right, and its depth bounded."""
    following = yaml.CSafeLoader(text).get_event
    following()
    if isinstance(following(), yaml.StreamEndEvent):
        return None
    return _span(following(), following)


def _span(event: Any, following: Any) -> Span:
    start, column = event.start_mark.index, event.start_mark.column
    end = event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        return Span(Kind.PLAIN, start, end, column)
    inner: list[Span] = []
    after: Any = following()
    while not _ends(after):
        inner.append(_span(after, following))
        after = following()
    # The end of a block is where the next thing begins.
    end = after.end_mark.index if event.flow_style or not inner else inner[-1].end
    return Span(_kind(event), start, end, column, tuple(inner))


def _ends(event: Any) -> bool:
    return isinstance(event, yaml.CollectionEndEvent)


def _kind(event: Any) -> Kind:
    if event.anchor is not None or event.tag is not None:
        return Kind.PLAIN
    if isinstance(event, yaml.MappingStartEvent):
        return Kind.FLOW_MAP if event.flow_style else Kind.BLOCK_MAP
    return Kind.FLOW_LIST if event.flow_style else Kind.BLOCK_LIST
