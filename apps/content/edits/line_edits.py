"""Puts lines into tables, maps and lists and takes them out. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from apps.content.edits.fields import Declined
from apps.content.edits.spans import Form, Node, Part, line_end, line_start
from apps.content.edits.written import Splice

_MARK: Final = re.compile(r"-[ ]+")


def insert_field(text: str, node: Node, after: Part | None, field: str) -> list[Splice]:
    """As a line below `after`; at the top of what has no field yet."""
    if after is not None:
        end = line_end(text, after.end)
        return [Splice(end, end, f"\n{_indent(text, after.start)}{field}")]
    if node.headed:
        end = line_end(text, node.end)
        return [Splice(end, end, f"\n{_indent(text, node.start)}{field}")]
    if node.end < 0:
        raise Declined("the table has no place of its own")
    at = 0 if node.parts else len(text)
    return [Splice(at, at, f"{field}\n")]


def insert_items(text: str, node: Node, index: int, items: Sequence[str]) -> list[Splice]:
    """Of a list with dashes, which has one at least."""
    near = node.parts[max(index - 1, 0)]
    written = text[near.start : near.node.start]
    mark = written if _MARK.fullmatch(written) else "- "
    indent = " " * (near.start - line_start(text, near.start))
    if index == 0:
        lines = "".join(f"{mark}{item}\n{indent}" for item in items)
        return [Splice(near.start, near.start, lines)]
    end = line_end(text, near.end)
    return [Splice(end, end, "".join(f"\n{indent}{mark}{item}" for item in items))]


def insert_tables(
    text: str, node: Node, index: int, tables: Sequence[Sequence[str]]
) -> list[Splice]:
    """Into an array of tables, which has one at least, each under the header of the others."""
    near = node.parts[max(index - 1, 0)]
    begin = line_start(text, near.start)
    header = text[begin : near.gap]
    begins = (line_start(text, part.start) for part in node.parts)
    blank = "\n" if any(text[max(at - 2, 0) : at] == "\n\n" for at in begins) else ""
    written = ["\n".join([header, *fields]) + "\n" for fields in tables]
    if index == 0:
        return [Splice(begin, begin, "".join(table + blank for table in written))]
    at = max(gone.end for gone in _table_gone(text, near.node))
    return [Splice(at, at, "".join(blank + table for table in written))]


def remove_parts(text: str, node: Node, start: int, stop: int) -> list[Splice]:
    """Whole lines. Comments on lines of their own stay, unless they stand within a value."""
    return [splice for index in range(start, stop) for splice in _gone(text, node, index)]


def own_fields(node: Node) -> list[Part]:
    """The fields that stand on lines of the table itself, in their order."""
    return [part for part in node.parts if not is_table(part.node)]


def is_table(node: Node) -> bool:
    return node.form is Form.TABLES or node.headed or node.end < 0


def leaves(node: Node) -> Iterator[Part]:
    """The fields that dotted keys made."""
    for part in node.parts:
        if part.node.form is Form.DOTTED:
            yield from leaves(part.node)
        else:
            yield part


def line_gone(text: str, part: Part) -> Splice:
    return Splice(*_lines(text, part.start, part.end), "")


def _gone(text: str, node: Node, index: int) -> Iterator[Splice]:
    part = node.parts[index]
    if is_table(part.node):
        yield from _table_gone(text, part.node)
    elif part.node.form is Form.DOTTED:
        yield from (line_gone(text, leaf) for leaf in leaves(part.node))
    else:
        yield _part_gone(text, node, index)


def _table_gone(text: str, table: Node) -> Iterator[Splice]:
    if table.form is Form.LINES and table.end >= 0:
        yield Splice(*_lines(text, table.start, table.end), "")
    for index, part in enumerate(table.parts):
        if table.form is Form.TABLES:
            yield from _table_gone(text, part.node)
        elif is_table(part.node):
            yield from _gone(text, table, index)


def _part_gone(text: str, node: Node, index: int) -> Splice:
    part = node.parts[index]
    if not text[line_start(text, part.start) : part.start].strip():
        return line_gone(text, part)
    behind = node.parts[index + 1] if index + 1 < len(node.parts) else None
    if behind is None or "#" in text[part.end : behind.start]:
        raise Declined("what goes shares its line with what stays")
    return Splice(part.start, behind.start, "")


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    return line_start(text, start), min(line_end(text, end) + 1, len(text))


def _indent(text: str, at: int) -> str:
    before = text[line_start(text, at) : at]
    return before if not before.strip() else " " * len(before)
