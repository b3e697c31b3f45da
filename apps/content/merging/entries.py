"""Merges two trees of a header with their base: maps by key, lists of scalars as sets. Pure.

Text is taken from the side that changed an entry, so that comments, order and quotes stay. Values
of a side that writes the header in another form are rewritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.content.merging.comments import comments, inner_comments
from apps.content.merging.conflicts import Clash, Field, Ledger, is_clean
from apps.content.merging.lines import merge_lines
from apps.content.merging.order import merged_order
from apps.content.merging.shape import bare, common_shape, common_style, written_in
from apps.content.merging.three_way import Side, Three, Undecided, decide, decide_form
from apps.content.merging.tree import ANYTHING, Branch, Item, Leaf, Node, Style, alike
from apps.content.merging.writing import rewritten, rewritten_comments, rewritten_node

Native = Three[bool]
ALL_NATIVE = Three(True, True, True)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What an item is merged in. `target` is the collection, still empty; a side is native that
    is written in its style."""

    field: Field
    target: Branch
    native: Native


class EntryMerge:
    """One merge. What cannot be decided goes to the ledger; Undecided is raised where the form
    of one side cannot say what the other says."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def root(self, sides: Three[Branch]) -> Branch:
        return self._branch((), sides, ALL_NATIVE)

    def _branch(self, field: Field, sides: Three[Branch], allowed: Sequence[bool | None]) -> Branch:
        shape = common_shape(sides, common_style(sides, allowed))
        native = written_in(shape.style, sides, allowed)
        sides = sides.map(lambda side: bare(side, shape))
        target = Branch(
            sides.ours.is_map,
            shape.style,
            self._end(field, sides.map(lambda side: side.opening), native),
            (),
            self._end(field, sides.map(lambda side: side.closing), native),
            shape.column,
            shape.trailing,
        )
        items = self._items(_Frame(field, target, native), sides)
        return replace(target, items=shape.dressed(items))

    def _end(self, field: Field, texts: Three[str], native: Native) -> str:
        if native.ours and native.theirs:
            return self._comment(field, texts if native.base else Three(None, *texts[1:]))
        return texts.ours if native.ours else texts.theirs

    def _items(self, frame: _Frame, sides: Three[Branch]) -> list[Item]:
        ours, theirs = ({item.key: item for item in side.items} for side in sides[1:])
        base = {item.key: item for item in sides.base.items} if sides.base else {}
        found: dict[object, Item] = {}
        for key in dict.fromkeys((*ours, *theirs)):
            field = (*frame.field, *key) if frame.target.is_map else frame.field
            versions = Three(base.get(key), ours.get(key), theirs.get(key))
            if item := self._item(replace(frame, field=field), versions):
                found[key] = item
        order = merged_order(list(base), list(ours), list(theirs))
        items = [found[key] for key in order if key in found]
        # In TOML what stands below a table's head belongs to it.
        if frame.target.style is Style.TABLE:
            items.sort(key=_is_table)
        return items

    def _item(self, frame: _Frame, versions: Three[Item | None]) -> Item | None:
        base, ours, theirs = versions
        if ours is None or theirs is None:
            return self._of_one(frame, versions)
        both = Three(base, ours, theirs)
        if frame.native.ours and frame.native.theirs:
            node = self._node(frame, both.map(lambda item: item.node))
            return self._dressed(frame, _in_one_form(both, frame.native), node) if node else None
        node = self._node(frame, both.map(lambda item: item.node))
        return _commented(frame, both, node) if node else None

    def _of_one(self, frame: _Frame, versions: Three[Item | None]) -> Item | None:
        """Of an item that one side has not: it is new, or the other side removed it."""
        base, ours, theirs = versions
        side, item = (Side.OURS, ours) if ours else (Side.THEIRS, theirs)
        if base and item:
            if alike(base.node, item.node) and set(comments(item)) <= set(comments(base)):
                return None
            side = self._choose(frame.field, Three(*map(_shown, versions)))
            item = versions.at(side)
        return rewritten(item, frame.target) if item and not frame.native.at(side) else item

    def _dressed(self, frame: _Frame, versions: Three[Item], node: Node) -> Item:
        """The merged value with what the sides have around it."""
        head = decide_form(versions.map(lambda item: item.head))
        gap = decide_form(versions.map(lambda item: item.gap))
        before = self._comment(frame.field, versions.map(lambda item: item.before))
        after = versions.map(lambda item: item.after.removesuffix("\n"))
        behind = self._comment(frame.field, after)
        if not frame.target.style.in_brackets:
            ended = (head + node.text).endswith("\n")
            if ended and behind:
                raise Undecided
            behind += "" if ended else "\n"
        return Item(versions.ours.key, before, head, node, gap, behind)

    def _comment(self, field: Field, texts: Three[str]) -> str:
        try:
            return decide(texts)
        except Undecided:
            if "#" not in texts.ours + texts.theirs:
                return decide_form(texts)
        pieces = merge_lines(texts.base or "", texts.ours, texts.theirs)
        if is_clean(pieces):
            return self._ledger.settle(pieces)
        return texts.at(self._choose(field, texts)) or ""

    def _node(self, frame: _Frame, nodes: Three[Node]) -> Node | None:
        base, ours, theirs = nodes
        if frame.native == ALL_NATIVE and base and base.text in (ours.text, theirs.text):
            return theirs if ours.text == base.text else ours
        if collections := _collections(nodes):
            return self._collection(frame, collections)
        side = self._decided(frame, nodes)
        if not side and frame.native == ALL_NATIVE and base:
            pieces = merge_lines(base.text, ours.text, theirs.text)
            if is_clean(pieces):
                return Leaf(self._ledger.settle(pieces), ANYTHING)
        if not side:
            side = self._choose(frame.field, nodes.map(lambda node: node.text.strip()))
        node = nodes.at(side)
        return (
            node if not node or frame.native.at(side) else rewritten_node(node, frame.target.style)
        )

    def _decided(self, frame: _Frame, nodes: Three[Node]) -> Side | None:
        """Whose value it is, where only one side changed it or both did alike."""
        base, ours, theirs = nodes
        if alike(ours, theirs):
            if not (frame.native.ours and frame.native.theirs):
                return Side.OURS if frame.native.ours else Side.THEIRS
            text = decide_form(Three(None, ours.text, theirs.text))
            return Side.OURS if ours.text == text else Side.THEIRS
        if base and alike(ours, base):
            return Side.THEIRS
        return Side.OURS if base and alike(theirs, base) else None

    def _collection(self, frame: _Frame, sides: Three[Branch]) -> Node:
        fits = sides.map(lambda side: side.style.in_brackets)
        within = frame.target.style.in_brackets
        allowed = [own and (fit or not within) for own, fit in zip(frame.native, fits, strict=True)]
        merged = self._branch(frame.field, sides, allowed)
        # Without its items YAML would read nothing here.
        if merged.style is Style.BLOCK and not merged.items:
            return Leaf((" {}" if merged.is_map else " []") + merged.text, merged.value)
        return merged

    def _choose(self, field: Field, texts: Three[str] | Three[str | None]) -> Side:
        shown: Three[str | None] = Three(*texts)
        return self._ledger.choose(Clash(shown, field=field))


def _is_table(item: Item) -> bool:
    return item.head.lstrip().startswith("[") or not item.head


def _shown(item: Item | None) -> str | None:
    return (item.head + item.node.text).strip() if item else None


def _commented(frame: _Frame, items: Three[Item], node: Node) -> Item:
    """The merged value where one side wrote it in another form, with the comments of the side
    that changed them."""
    base, ours, theirs = items
    own, other = (ours, theirs) if frame.native.ours else (theirs, ours)
    item = replace(own, node=node)
    if comments(other) in (comments(base), comments(own)):
        return item
    inner = [inner_comments(each.node) if each else () for each in items]
    if comments(own) != comments(base) or len(set(inner)) > 1:
        raise Undecided
    return rewritten_comments(other, item, frame.target)


def _in_one_form(items: Three[Item], native: Native) -> Three[Item]:
    """With a base in the form that both sides have now: as in the one that left its comments."""
    base, ours, theirs = items
    if base is None or native.base:
        return items
    form = ours if comments(base) == comments(ours) else theirs
    return Three(
        replace(base, before=form.before, head=form.head, gap=form.gap, after=form.after),
        ours,
        theirs,
    )


def _collections(nodes: Three[Node]) -> Three[Branch] | None:
    """Both sides' collections of one kind, and the base's if it is of it too."""
    base, ours, theirs = nodes
    if not isinstance(ours, Branch) or not isinstance(theirs, Branch):
        return None
    if ours.is_map is not theirs.is_map:
        return None
    known = base if isinstance(base, Branch) and base.is_map is ours.is_map else None
    sides = Three(known, ours, theirs)
    return None if _replaces_numbers(sides) else sides


def _replaces_numbers(sides: Three[Branch]) -> bool:
    """Numbers alone may be a place or a size: what replaces one is no matter of a set."""
    base, ours, theirs = sides
    if base is None or base.is_map:
        return False
    values = [item.node.value for side in (base, ours, theirs) for item in side.items]
    if any(isinstance(value, str) for value in values):
        return False
    before, *after = ({item.key for item in side.items} for side in (base, ours, theirs))
    return any(before - keys and keys - before for keys in after)
