"""One step of an edit as splices of the header's text, in the style that stands there. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from apps.content.edits import flow_edits, line_edits
from apps.content.edits.fields import Declined
from apps.content.edits.notation import Manner, Notation
from apps.content.edits.spans import Form, Node, Part, line_end
from apps.content.edits.steps import Insert, InsertItems, Place, Remove, Set, Step
from apps.content.edits.written import Splice

AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "description": ("title",),
    "summary": ("title",),
    "date": ("summary", "description", "title"),
    "updated": ("date",),
    "lastmod": ("date",),
    "tags": ("categories",),
}
"""Behind which field a new one is looked for by people; any other comes last."""

_PROPERTIES: Final = re.compile(r"(?:[ \t]+&\S*)*")


class Splicing:
    """Of one header as it stands before one step. Raises ValueError for a text that it cannot
    follow."""

    def __init__(self, text: str, notation: Notation, *, safest: bool) -> None:
        self._text = text
        self._notation = notation
        self._safest = safest
        self._root = notation.spans(text)

    def splices(self, step: Step) -> list[Splice]:
        """Raises Declined."""
        if isinstance(step, Set):
            return self._set(step.path, step.value)
        if isinstance(step, Insert):
            return self._insert(self.node(step.path[:-1]), str(step.path[-1]), step.value)
        if isinstance(step, Remove):
            return self._remove(step.path)
        node = self.node(step.path)
        if isinstance(step, InsertItems):
            return self._insert_items(node, step.index, step.values)
        take = flow_edits.remove if _flow(node) else line_edits.remove_parts
        return take(self._text, node, step.start, step.stop)

    def node(self, path: Place) -> Node:
        return self.part(path).node

    def part(self, path: Place) -> Part:
        part = Part(0, 0, self._root)
        for name in path:
            found = part.node.part(name) if isinstance(name, str) else part.node.item(name)
            if found is None:
                raise Declined("the place of the field was not found")
            part = found
        return part

    def written(self, node: Node) -> str:
        return self._text[node.start : node.end]

    def _set(self, path: Place, value: Any) -> list[Splice]:
        part = self.part(path)
        node = part.node
        if node.form is Form.DOTTED:
            return self._undotted(path, value)
        if line_edits.is_table(node):
            if value != [] and isinstance(value, list if node.form is Form.TABLES else dict):
                raise Declined("tables of TOML that stand on lines shall go on doing so")
            return self._untabled(path, value)
        if "!" in self._text[part.gap : node.start] and not isinstance(value, str):
            raise Declined("a tag may not fit the new value")
        text = self._notation.write(value, self._manner(node, flow=self._in_brackets(path)))
        if node.start == node.end:
            return [Splice(node.end, node.end, f" {text}")]
        first = line_end(self._text, part.gap)
        if node.form in (Form.SCALAR, Form.FLOW) or node.start < first:
            return [Splice(node.start, node.end, text)]
        behind = _PROPERTIES.match(self._text, part.gap)
        at = behind.end() if behind else part.gap
        last = line_end(self._text, node.end)
        return [Splice(at, at, f" {text}"), Splice(first, last, "")]

    def _untabled(self, path: Place, value: Any) -> list[Splice]:
        """A table of TOML becomes a field above all tables, or of a holder that had no header."""
        first, *others = self._remove(path)
        name = str(path[-1])
        if not first.text:
            return [*self._insert(self.node(path[:-1]), name, value), first, *others]
        (field,) = self._fields({name: value})
        return [Splice(first.start, first.end, f"{first.text}{field}\n"), *others]

    def _undotted(self, path: Place, value: Any) -> list[Splice]:
        """What dotted keys made becomes one line in the place of the first of them."""
        first, *others = sorted(line_edits.leaves(self.node(path)), key=lambda part: part.start)
        if others and self._in_brackets(path):
            raise Declined("dotted keys stand in braces")
        outside = [n for n in range(len(path)) if self.node(path[:n]).form is not Form.DOTTED]
        names = [self._notation.name(str(name)) for name in path[outside[-1] :]]
        text = self._notation.write(value, self._manner(first.node, flow=False))
        line = ".".join(names) + self._equals(first) + text
        gone = [line_edits.line_gone(self._text, part) for part in others]
        return [Splice(first.start, first.end, line), *gone]

    def _insert(self, node: Node, name: str, value: Any) -> list[Splice]:
        if node.form not in (Form.FLOW, Form.LINES, Form.DOTTED):
            raise Declined("what shall hold the field is no table")
        fields = line_edits.own_fields(node)
        after = self._after(node, name, fields)
        manner = self._usual(fields, flow=_flow(node))
        field = self._notation.name(name) + self._equals(after)
        field += self._notation.write(value, manner)
        if _flow(node):
            index = flow_edits.place(self._text, node, after)
            return flow_edits.insert(self._text, node, index, [field])
        lead = after.lead if after and node.form is Form.DOTTED else ""
        return line_edits.insert_field(self._text, node, after, lead + field)

    def _remove(self, path: Place) -> list[Splice]:
        node, part = self.node(path[:-1]), self.part(path)
        index = node.parts.index(part)
        if _flow(node):
            return flow_edits.remove(self._text, node, index, index + 1)
        if len(node.parts) == 1 and len(path) > 1 and not line_edits.is_table(node):
            return self._set(path[:-1], {})
        gone = line_edits.remove_parts(self._text, node, index, index + 1)
        if len(node.parts) == 1 and node.end < 0:
            names = ".".join(self._notation.name(str(name)) for name in path[:-1])
            gone[0] = Splice(gone[0].start, gone[0].end, f"[{names}]\n")
        return gone

    def _insert_items(self, node: Node, index: int, values: list[Any]) -> list[Splice]:
        if node.form is Form.TABLES:
            tables = [self._fields(value) for value in values]
            return line_edits.insert_tables(self._text, node, index, tables)
        near = node.parts[max(index - 1, 0)].node if node.parts else node
        manner = self._manner(near, flow=_flow(node))
        items = [self._notation.write(value, manner) for value in values]
        put = flow_edits.insert if _flow(node) else line_edits.insert_items
        return put(self._text, node, index, items)

    def _fields(self, value: Any) -> list[str]:
        """The lines of a table of TOML."""
        if not isinstance(value, dict):
            raise Declined("only a table can stand among tables")
        write, equals = self._notation.write, self._notation.equals[0]
        names = {key: self._notation.name(key) for key in value}
        return [f"{names[key]}{equals}{write(item, Manner())}" for key, item in value.items()]

    def _in_brackets(self, path: Place) -> bool:
        return any(_flow(self.node(path[:length])) for length in range(len(path)))

    def _after(self, node: Node, name: str, fields: list[Part]) -> Part | None:
        if node is self._root:
            for sibling in AFTER.get(name, ()):
                if (part := node.part(sibling)) in fields:
                    return part
        return max(fields, key=lambda part: part.end, default=None)

    def _equals(self, after: Part | None) -> str:
        usual = self._notation.equals
        if after is None or after.node.form is Form.DOTTED:
            return usual[0]
        before = self._text[after.start : after.node.start]
        found = [each for each in usual if before.endswith(each)]
        return max(found, key=len, default=usual[0])

    def _usual(self, fields: list[Part], *, flow: bool) -> Manner:
        """The quotes that all the texts around have which have any."""
        styles = {part.node.style for part in fields if part.node.style in ('"', "'")}
        plain = any(self._is_plain_text(part.node) for part in fields)
        style = styles.pop() if len(styles) == 1 and not plain and not self._safest else ""
        return Manner('"' if self._safest else style, flow=flow)

    def _is_plain_text(self, node: Node) -> bool:
        written = "" if node.style or node.form is not Form.SCALAR else self.written(node)
        return written[:1].isalpha() and written.lower() not in ("true", "false", "null")

    def _manner(self, node: Node, *, flow: bool) -> Manner:
        if self._safest:
            return Manner('"', flow=flow)
        if node.form is not Form.SCALAR:
            inner = node.parts[0].node.style if node.parts else ""
            return Manner(inner, flow=flow)
        written = self.written(node)
        return Manner(node.style, written, _indent(written), flow)


def _flow(node: Node) -> bool:
    return node.form is Form.FLOW


def _indent(written: str) -> str:
    """Of the lines of a block."""
    lines = (line for line in written.split("\n")[1:] if line.strip())
    first = next(lines, "")
    return first[: len(first) - len(first.lstrip(" "))]
