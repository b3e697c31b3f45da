from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.entries import MenuItem
from apps.content.menus import DEPTH, MENUS, NAME, Line, MenuEntry, items_of, trees


def line(name: str, parent: str = "", weight: int = 0, menu: str = "main") -> Line:
    return Line(menu=menu, name=name, title=name, url=f"/{name}/", parent=parent, weight=weight)


def names(entries: tuple[MenuEntry, ...]) -> list[Any]:
    return [[entry.title, names(entry.below)] if entry.below else entry.title for entry in entries]


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ({}, []),
        ({"menus": "main"}, [("main", "T", "T", "", 7)]),
        ({"menu": ["foot", "main", 3]}, [("foot", "T", "T", "", 7), ("main", "T", "T", "", 7)]),
        (
            {"menus": {"main": {"name": "n", "title": "A\nB", "parent": "p", "weight": 1}}},
            [("main", "n", "A B", "p", 1)],
        ),
        (
            {"menus": {"main": {"identifier": "i", "name": "N", "weight": "x"}}},
            [("main", "i", "N", "", 7)],
        ),
        ({"menus": 3}, []),
        ({"menus": {"": {}, "a": None}}, [("a", "T", "T", "", 7)]),
    ],
)
def test_a_document_names_its_menus(front: dict[str, Any], found: list[Any]) -> None:
    items = items_of(front, "a.md", "T", 7)
    assert [(i.menu, i.name, i.title, i.parent, i.weight) for i in items] == found
    assert all(item.source == "a.md" for item in items)


def test_menus_of_a_document_and_their_names_are_bounded() -> None:
    items = items_of({"menus": [f"{n:03}" for n in range(MENUS + 1)]}, "a.md", "T", 0)
    assert len(items) == MENUS
    (item,) = items_of({"menus": {"m": {"title": "x" * (NAME + 1)}}}, "a.md", "T", 0)
    assert isinstance(item, MenuItem) and len(item.title) == NAME


def test_entries_stand_by_weight_then_title_below_their_parents() -> None:
    found = trees([line("b"), line("a", weight=1), line("c"), line("d", "b"), line("e", "d")])
    assert names(found["main"]) == [["b", [["d", ["e"]]]], "c", "a"]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ([line("a", "nobody")], ["a"]),
        ([line("a", "a")], ["a"]),
        ([line("a", menu="x"), line("b", "a")], ["b"]),
    ],
    ids=["no parent", "its own parent", "of another menu"],
)
def test_what_has_no_parent_stands_at_the_top(lines: list[Line], shown: list[str]) -> None:
    assert names(trees(lines)["main"]) == shown


def size(entries: tuple[MenuEntry, ...]) -> int:
    return sum(1 + size(entry.below) for entry in entries)


def depth(entries: tuple[MenuEntry, ...]) -> int:
    return max((1 + depth(entry.below) for entry in entries), default=0)


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdefg"])), max_size=12)
)
def test_every_line_is_shown_once_whatever_the_parents_are(pairs: list[tuple[str, str]]) -> None:
    found = trees([line(*pair) for pair in pairs]).get("main", ())
    assert size(found) == len(pairs)
    assert depth(found) <= DEPTH
