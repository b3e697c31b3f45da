"""The form of a merged map or list: its style, how far in it stands, the space between items. Pure.

None of it means anything, so that it is never a conflict: the side that changed it has its way.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from apps.content.merging.three_way import Three, decide_form
from apps.content.merging.tree import Branch, Item, Leaf, Node, Style

_LINES = re.compile(r"^(?=[^\n])", re.M)
_MORE_LINES = re.compile(r"(?<=\n)(?=[^\n])")


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a collection. `first` and `rest` stand before its items, unless one has its own space."""

    style: Style
    column: int = 0
    first: str = ""
    rest: str = " "
    trailing: bool = False

    def dressed(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The items of `bare` collections with the space that goes before them."""
        if not self.style.in_brackets:
            return tuple(items)
        return tuple(
            item if item.before else replace(item, before=self.rest if n else self.first)
            for n, item in enumerate(items)
        )


Sides = Three[Branch]


def common_style(sides: Sides, allowed: Sequence[bool | None]) -> Style:
    """The style of a merged collection; where it stands, only some sides' may be allowed."""
    base, ours, theirs = (
        side.style.name if side and may else None for side, may in zip(sides, allowed, strict=True)
    )
    if ours is None or theirs is None:
        return Style[ours or theirs or Style.JSON.name]
    return Style[decide_form(Three(base, ours, theirs))]


def written_in(style: Style, sides: Sides, allowed: Sequence[bool | None]) -> Three[bool]:
    """Which sides are; one that is absent is in any style."""
    fits = (
        bool(may) and (side is None or side.style is style)
        for side, may in zip(sides, allowed, strict=True)
    )
    return Three(*fits)


def common_shape(sides: Sides, style: Style) -> Shape:
    column = _common(sides, style, lambda branch: str(branch.column)) or "0"
    trailing = _common(sides, style, lambda branch: "," if branch.trailing else "")
    first = _common(sides, style, lambda branch: _leads(branch)[0])
    rest = _common(sides, style, lambda b: _leads(b)[1] if _leads(b)[0] == first else None)
    if rest is None:
        rest = first if first and "\n" in first else " "
    return Shape(style, int(column), first or "", rest, bool(trailing))


def _common(sides: Sides, style: Style, form: Callable[[Branch], str | None]) -> str | None:
    """Of the sides that are written in this style."""
    base, ours, theirs = (form(s) if s and s.style is style else None for s in sides)
    if ours is None or theirs is None:
        return theirs if ours is None else ours
    return decide_form(Three(base, ours, theirs))


def bare(branch: Branch, shape: Shape) -> Branch:
    """The collection as if it stood at the shape's column, without the space before its items."""
    if branch.style is not shape.style:
        return branch
    if branch.style.in_brackets:
        first, rest = _leads(branch)
        items = [
            replace(item, before="") if item.before == (rest if n else first) else item
            for n, item in enumerate(branch.items)
        ]
        return replace(branch, items=tuple(items))
    return _shifted(branch, shape.column - branch.column)


def _leads(branch: Branch) -> tuple[str | None, str | None]:
    spaces = [item.before if item.before.isspace() else "" for item in branch.items]
    if not spaces:
        return None, None
    rest = Counter(spaces[1:])
    return spaces[0], max(sorted(rest), key=rest.__getitem__, default=None)


def _shifted(branch: Branch, by: int) -> Branch:
    if not by:
        return branch
    lines = _LINES if branch.style is Style.BLOCK else _MORE_LINES
    return replace(
        branch,
        opening=_moved(branch.opening, by, _MORE_LINES),
        items=tuple(_shifted_item(item, by, lines) for item in branch.items),
        closing=_moved(branch.closing, by, lines),
        column=branch.column + by,
    )


def _shifted_item(item: Item, by: int, lines: re.Pattern[str]) -> Item:
    return replace(
        item,
        before=_moved(item.before, by, lines),
        head=_moved(item.head, by, lines),
        node=_shifted_node(item.node, by),
        gap=_moved(item.gap, by, _MORE_LINES),
        after=_moved(item.after, by, _MORE_LINES),
    )


def _shifted_node(node: Node, by: int) -> Node:
    if isinstance(node, Branch):
        return _shifted(node, by)
    return Leaf(_moved(node.text, by, _MORE_LINES), node.value)


def _moved(text: str, by: int, lines: re.Pattern[str]) -> str:
    if by > 0:
        return lines.sub(" " * by, text)
    return re.sub(f"{lines.pattern} {{1,{-by}}}", "", text, flags=lines.flags)
