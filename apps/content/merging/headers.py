"""Merges headers by key, or by line where that comes to the same or keys are not enough. Pure.

What is put together is read again: it must say what the merge of its values says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from apps.content.flaws import FlawError
from apps.content.merging.conflicts import Clash, Ledger
from apps.content.merging.entries import EntryMerge
from apps.content.merging.flow_tree import json_tree
from apps.content.merging.lines import merge_lines
from apps.content.merging.parts import READERS, Header
from apps.content.merging.three_way import Three, Undecided, decide_form
from apps.content.merging.toml_tree import toml_tree
from apps.content.merging.tree import ANYTHING, Branch, Syntax, Unlocated, canonical
from apps.content.merging.yaml_tree import yaml_tree

Way = Callable[[Ledger], str]
"""How a text comes to be; what it cannot decide it asks the ledger."""
TREES: dict[Syntax, Callable[[str, dict[str, Any]], Branch]] = {
    Syntax.YAML: yaml_tree,
    Syntax.TOML: toml_tree,
    Syntax.JSON: json_tree,
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`front` is what its text says, with ours where it has conflicts."""

    way: Way
    is_clean: bool
    front: dict[str, Any]


def header_way(base: Header | None, ours: Header | None, theirs: Header | None) -> Way:
    """To the merged header with its fences; empty where there is none."""
    texts: Three[str | None] = Three(*(h.whole if h else None for h in (base, ours, theirs)))
    if texts.ours in (texts.theirs, texts.base):
        return lambda _: texts.theirs or ""
    if texts.theirs == texts.base:
        return lambda _: texts.ours or ""
    if ours and theirs and (found := _best(Three(base, ours, theirs))):
        return found.way
    return lambda ledger: texts.at(ledger.choose(Clash(texts, line=1))) or ""


def _best(headers: Three[Header]) -> _Candidate | None:
    """Lines where they say what the keys say, for that is what Git writes."""
    by_key, by_line = _tried(headers, _by_key), _tried(headers, _by_line)
    if by_key is None or by_line is None or not by_line.is_clean:
        return by_key or by_line
    same = canonical(by_key.front) == canonical(by_line.front)
    return by_line if same or not by_key.is_clean else by_key


@dataclass(frozen=True, slots=True)
class _Merged:
    """`value` is what the text must say."""

    text: str
    syntax: Syntax
    value: Any


Merge = Callable[[Three[Header], Ledger], _Merged]


def _tried(headers: Three[Header], merge: Merge) -> _Candidate | None:
    """None where it cannot be done, or would say something else than it must."""
    ledger = Ledger()
    try:
        merged = merge(headers, ledger)
        front = READERS[merged.syntax](merged.text)
    except (Undecided, Unlocated, FlawError):
        return None
    if merged.value != front:
        return None
    return _Candidate(partial(_written, headers, merge), not ledger.conflicts, front)


def _written(headers: Three[Header], merge: Merge, ledger: Ledger) -> str:
    merged = merge(headers, ledger)
    base, ours, theirs = (
        header if header and header.syntax is merged.syntax else None for header in headers
    )
    first, last = ours or theirs, theirs or ours
    assert first and last
    sides = Three(base, first, last)
    opening = decide_form(sides.map(lambda header: header.opening))
    return opening + merged.text + decide_form(sides.map(lambda header: header.closing))


def _by_key(headers: Three[Header], ledger: Ledger) -> _Merged:
    trees = headers.map(lambda header: TREES[header.syntax](header.text, header.front))
    syntaxes = {header.syntax for header in headers if header}
    if headers.ours.syntax is not headers.theirs.syntax and len(syntaxes) == len(trees):
        raise Undecided
    root = EntryMerge(ledger).root(trees)
    return _Merged(root.text, root.style.syntax, root.value)


def _by_line(headers: Three[Header], ledger: Ledger) -> _Merged:
    if len({header.syntax for header in headers if header}) > 1:
        raise Undecided
    texts = headers.map(lambda header: header.text)
    pieces = merge_lines(texts.base or "", texts.ours, texts.theirs)
    text = ledger.settle(pieces, above=headers.ours.opening.count("\n"))
    return _Merged(text, headers.ours.syntax, ANYTHING)
