"""Documents for merges, and two edits of each that do not overlap, drawn by hypothesis."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

WORDS = ("alpha", "beta", "gamma", "one, two", "x: y", "# no", "ü", "")
KEYS = ("title", "tags", "date", "extra", "draft", "a b")
SCALARS = st.sampled_from(WORDS) | st.integers(0, 3) | st.booleans()
LISTS = st.lists(st.sampled_from(WORDS), max_size=4, unique=True)
MAPS = st.dictionaries(st.sampled_from(("k1", "k2", "k3")), SCALARS, min_size=1, max_size=3)
ENTRIES = st.dictionaries(st.sampled_from(KEYS), SCALARS | LISTS | MAPS, max_size=5)
SIDES = ("ours", "theirs")


@dataclass(frozen=True)
class Draft:
    """A document and how it is written; `long` gives each item of a list a line of its own."""

    entries: Mapping[str, Any]
    paragraphs: tuple[str, ...]
    comments: Mapping[str, str]
    syntax: str
    long: bool

    def __str__(self) -> str:
        return self._header() + "\n\n".join(self.paragraphs) + "\n"

    def _header(self) -> str:
        if self.syntax == "json":
            return json.dumps(self.entries, indent=2 if self.long else None) + "\n"
        fence, write = ("---", _yaml) if self.syntax == "yaml" else ("+++", _toml)
        # What stands below a table in TOML belongs to it.
        keys = sorted(self.entries, key=lambda key: isinstance(self.entries[key], dict))
        lines = [fence]
        for key in keys:
            lines += [f"# {self.comments[key]}"] if key in self.comments else []
            lines += write(json.dumps(key), self.entries[key], self.long)
        return "\n".join([*lines, fence, ""])


def _yaml(key: str, value: Any, long: bool) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}:", *(f"  {name}: {json.dumps(each)}" for name, each in value.items())]
    if isinstance(value, list) and long and value:
        return [f"{key}:", *(f"  - {json.dumps(each)}" for each in value)]
    return [f"{key}: {json.dumps(value)}"]


def _toml(key: str, value: Any, long: bool) -> list[str]:
    if isinstance(value, dict):
        return [f"[{key}]", *(f"{name} = {json.dumps(each)}" for name, each in value.items())]
    if isinstance(value, list) and long and value:
        return [f"{key} = [", *(f"  {json.dumps(each)}," for each in value), "]"]
    return [f"{key} = {json.dumps(value)}"]


@dataclass(frozen=True)
class Apart:
    """`merged` is what both edits come to."""

    base: Draft
    ours: Draft
    theirs: Draft
    merged: Draft


@st.composite
def apart(draw: st.DrawFn) -> Apart:
    entries = _edited_entries(draw, draw(ENTRIES))
    paragraphs = _edited_paragraphs(draw)
    commented = draw(st.sets(st.sampled_from(KEYS)))
    syntax, long = draw(st.sampled_from(("yaml", "toml", "json"))), draw(st.booleans())
    return Apart(
        *(
            Draft(
                made,
                tuple(text),
                {key: f"about {key}" for key in commented if key in made},
                syntax,
                long,
            )
            for made, text in zip(entries, paragraphs, strict=True)
        )
    )


Versions = tuple[Any, Any, Any, Any]
"""Of the base, ours, theirs and both; None where there is nothing."""


def _edited_entries(draw: st.DrawFn, base: dict[str, Any]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{}, {}, {}, {}]
    for key, value in base.items():
        for into, version in zip(made, draw(_edit(value)), strict=True):
            if version is not None:
                into[key] = version
    for n, side in enumerate(SIDES, start=1):
        for key in draw(st.sets(st.sampled_from((f"{side} 1", f"{side} 2")))):
            made[n][key] = made[3][key] = draw(SCALARS | LISTS)
    return made


@st.composite
def _edit(draw: st.DrawFn, value: Any) -> Versions:
    kind = draw(st.sampled_from(("same", "removed", "changed", "shared")))
    if kind == "same":
        return value, value, value, value
    if kind == "shared" and isinstance(value, list):
        return _shared_list(draw, value)
    if kind == "shared" and isinstance(value, dict):
        ours, theirs = {**value, "ours": 1}, {**value, "theirs": 2}
        return value, ours, theirs, {**ours, **theirs}
    new = None if kind == "removed" else draw(SCALARS.filter(lambda each: each != value))
    by_ours = draw(st.booleans())
    return (value, new, value, new) if by_ours else (value, value, new, new)


def _shared_list(draw: st.DrawFn, value: list[str]) -> Versions:
    """Each side adds one, and may remove one."""
    gone = [draw(st.sampled_from((None, *value))) for _ in SIDES]
    ours = [*(each for each in value if each != gone[0]), "ours"]
    theirs = ["theirs", *(each for each in value if each != gone[1])]
    return value, ours, theirs, ["theirs", *(each for each in value if each not in gone), "ours"]


def _edited_paragraphs(draw: st.DrawFn) -> list[list[str]]:
    """No side adds one beside a paragraph that is removed: where would it belong?"""
    made: list[list[str]] = [[], [], [], []]
    before = "kept"
    for n in range(draw(st.integers(2, 6))):
        kind = draw(st.sampled_from(("kept", "edited", "removed"))) if n else "kept"
        side = draw(st.sampled_from((1, 2)))
        if "removed" not in (kind, before) and n and draw(st.booleans()):
            added = draw(st.sampled_from((1, 2)))
            for place in (added, 3):
                made[place].append(f"New {n}\nby {SIDES[added - 1]}.")
        own = f"Paragraph {n}\nas it was.\nThe end of {n}."
        new = own.replace("as it was", f"as {SIDES[side - 1]} has it")
        for place in range(len(made)):
            changed = place in (side, 3) and kind != "kept"
            if not changed or kind == "edited":
                made[place].append(new if changed else own)
        before = kind
    return made


def without_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_order(each) for key, each in value.items()}
    return sorted(value) if isinstance(value, list) else value


BODIES = st.lists(st.sampled_from(("a", "b", "c", "d", "a b", "", "```", "a  ")), max_size=9)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(("put", "take", "change")),
        st.integers(0, 8),
        st.sampled_from(("x", "y", "a", "", "z")),
    ),
    max_size=4,
)


def edited(lines: list[str], edits: list[tuple[str, int, str]], mark: str) -> list[str]:
    """Lines after edits; what is new carries a mark of its side, sometimes."""
    made = list(lines)
    for kind, place, word in edits:
        at = place % (len(made) + 1)
        new = word + mark if word in ("x", "z") else word
        if kind == "put" or at == len(made):
            made.insert(at, new)
        elif kind == "take":
            del made[at]
        else:
            made[at] = new
    return made
