"""Where each value of a TOML header was written. The strict reader has accepted the text."""

from apps.content.edits.bracket_spans import Scanner
from apps.content.edits.spans import Form, Node, Part


def toml_spans(text: str) -> Node:
    scanner = Scanner(text, "=")
    root = table = Node(0, 0, Form.LINES)
    scanner.skip()
    while scanner.at < len(text):
        before = scanner.at
        if scanner.takes("[["):
            table = _table(scanner, root, before, array=True)
        elif scanner.takes("["):
            table = _table(scanner, root, before, array=False)
        else:
            scanner.field(table)
            table.end = scanner.at
        scanner.skip()
        if scanner.at == before:
            raise ValueError("the reader accepts what this cannot follow")
    return root


def _table(scanner: Scanner, root: Node, start: int, *, array: bool) -> Node:
    names = [name for _, name in scanner.names()]
    scanner.takes("]]" if array else "]")
    holder = root
    for name in names[:-1]:
        holder = _within(holder, name)
    made = Node(start, scanner.at, Form.LINES, headed=True)
    part = holder.part(names[-1])
    if array:
        if part is None:
            part = Part(start, scanner.at, Node(start, -1, Form.TABLES), names[-1])
            holder.add(part)
        part.node.add(Part(start, scanner.at, made))
        return made
    if part is None:
        holder.add(Part(start, scanner.at, made, names[-1]))
        return made
    known = part.node
    known.start, known.end, known.headed = start, scanner.at, True
    part.start, part.gap = start, scanner.at
    return known


def _within(holder: Node, name: str) -> Node:
    """The table of that name, of an array its last; made where only longer names hold it."""
    part = holder.part(name)
    if part is None:
        part = Part(-1, -1, Node(-1, -1, Form.LINES), name)
        holder.add(part)
    return part.node.parts[-1].node if part.node.form is Form.TABLES else part.node
