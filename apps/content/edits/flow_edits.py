"""Puts items into brackets and braces and takes them out, in the layout that stands there. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from apps.content.edits.fields import Declined
from apps.content.edits.spans import Node, Part, line_start
from apps.content.edits.written import Splice

_TAIL: Final = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?(?=\n)")
_COMMA: Final = re.compile(r"\s*,")
_BETWEEN: Final = re.compile(r"[ ]*,[ ]*")


def insert(text: str, node: Node, index: int, pieces: Sequence[str]) -> list[Splice]:
    if not node.parts:
        return _first(text, node, pieces)
    if index == 0:
        return _before(text, node, pieces)
    before = node.parts[index - 1]
    if not (tail := _alone(text, before)) or (index < len(node.parts) and not tail[1]):
        between = _between(text, node)
        return [Splice(before.end, before.end, "".join(between + piece for piece in pieces))]
    indent = "\n" + text[line_start(text, before.start) : before.start]
    lines = ",".join(indent + piece for piece in pieces)
    if tail[1]:
        return [Splice(tail.end(), tail.end(), lines + ",")]
    return [Splice(before.end, before.end, ","), Splice(tail.end(), tail.end(), lines)]


def place(text: str, node: Node, after: Part | None) -> int:
    """Where a new field goes: where no other line needs a comma for it."""
    index = node.parts.index(after) + 1 if after else len(node.parts)
    if node.parts and index == len(node.parts):
        tail = _alone(text, node.parts[-1])
        return index - 1 if tail and not tail[1] else index
    return index


def remove(text: str, node: Node, start: int, stop: int) -> list[Splice]:
    """Whole lines where the parts have lines of their own."""
    gone = node.parts[start:stop]
    tails = [_alone(text, part) for part in gone]
    if (final := tails[-1]) and all(tails):
        lines = Splice(line_start(text, gone[0].start), final.end() + 1, "")
        ends_list = stop == len(node.parts) and not final[1]
        return [lines, *_comma(text, node, start)] if ends_list else [lines]
    if stop < len(node.parts):
        begin, end = gone[0].start, node.parts[stop].start
    elif start:
        begin, end = node.parts[start - 1].end, gone[-1].end
    else:
        begin, end = node.start + 1, node.end - 1
    if _has_comment(text, node, begin, end):
        raise Declined("a comment stands between what goes")
    return [Splice(begin, end, "")]


def _first(text: str, node: Node, pieces: Sequence[str]) -> list[Splice]:
    inside, close = node.start + 1, node.end - 1
    start = close if text[inside:close].strip(" ") else inside
    return [Splice(start, close, ", ".join(pieces))]


def _before(text: str, node: Node, pieces: Sequence[str]) -> list[Splice]:
    first = node.parts[0]
    between = _between(text, node)
    if _alone(text, first):
        between = ",\n" + text[line_start(text, first.start) : first.start]
    return [Splice(first.start, first.start, "".join(piece + between for piece in pieces))]


def _alone(text: str, part: Part) -> re.Match[str] | None:
    """What follows a part on its line, if nothing but a comma and a comment shares the line."""
    if text[line_start(text, part.start) : part.start].strip():
        return None
    return _TAIL.match(text, part.end)


def _between(text: str, node: Node) -> str:
    if len(node.parts) > 1:
        gap = text[node.parts[0].end : node.parts[1].start]
        if _BETWEEN.fullmatch(gap):
            return gap
    return ", "


def _comma(text: str, node: Node, start: int) -> list[Splice]:
    """The comma before what was the last part goes with it."""
    if not start:
        return []
    before = node.parts[start - 1]
    found = _COMMA.match(text, before.end)
    return [Splice(before.end, found.end(), "")] if found else []


def _has_comment(text: str, node: Node, begin: int, end: int) -> bool:
    """Between the parts; within them a sign of a comment may be of a text."""
    at = begin
    for part in node.parts:
        if part.end > begin and part.start < end:
            if "#" in text[at : max(part.start, at)]:
                return True
            at = part.end
    return "#" in text[at:end]
