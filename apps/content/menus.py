"""Entries of a site's menus, as documents and the configuration name them. Pure; hostile input."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.content.entries import UNWEIGHTED, MenuItem
from apps.content.timing import HEAVIEST

MAIN: Final = "main"
MENUS: Final = 20
"""Of one document."""
LINES: Final = 500
"""Of all documents of a site together, and of one menu of its configuration."""
NAME: Final = 200
DEPTH: Final = 4
"""What would stand deeper stands at the end, on top."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of a menu, with those below it in their order."""

    title: str
    url: str
    below: tuple["MenuEntry", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as it was named, by a document or by the configuration; `parent` is the name, or
    the title, of the entry that it stands below."""

    menu: str
    name: str
    title: str
    url: str
    parent: str = ""
    weight: int = UNWEIGHTED


def items_of(front: Mapping[str, Any], source: str, title: str, weight: int) -> list[MenuItem]:
    """What a document says of menus: a name, a list of names, or tables by name."""
    said = front.get("menus", front.get("menu"))
    found = {
        menu: MenuItem(
            source=source,
            menu=menu,
            name=_text(more.get("identifier") or more.get("name")) or title,
            title=_text(more.get("title") or more.get("name")) or title,
            parent=_text(more.get("parent")),
            weight=_weight(more.get("weight"), weight),
        )
        for menu, more in _named(said)
    }
    return [found[menu] for menu in sorted(found)[:MENUS]]


def trees(lines: Iterable[Line]) -> dict[str, tuple[MenuEntry, ...]]:
    """Each menu by its name: by weight, then title. An entry below one that is not there, or below
    itself, stands at the top. No entry is shown twice, whatever the lines say."""
    by_menu: dict[str, list[Line]] = {}
    for line in lines:
        by_menu.setdefault(line.menu, []).append(line)
    return {menu: _Tree(by_menu[menu]).entries() for menu in sorted(by_menu)}


class _Tree:
    """One menu. Of entries with one name the first has what stands below it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._ordered = sorted(lines, key=lambda line: (line.weight, line.title, line.url))
        self._first: dict[str, int] = {}
        for position, line in enumerate(self._ordered):
            self._first.setdefault(line.name, position)
        self._below: dict[int, list[int]] = {}
        self._placed: set[int] = set()

    def entries(self) -> tuple[MenuEntry, ...]:
        top = []
        for position, line in enumerate(self._ordered):
            parent = self._first.get(line.parent, position) if line.parent else position
            if parent == position:
                top.append(position)
            else:
                self._below.setdefault(parent, []).append(position)
        found = [self._entry(position, 1) for position in top]
        # What is left stands in a circle, or deeper than menus go.
        left = (each for each in range(len(self._ordered)) if each not in self._placed)
        return (*found, *(self._entry(position, 1) for position in left))

    def _entry(self, position: int, depth: int) -> MenuEntry:
        self._placed.add(position)
        held = self._below.get(position, []) if depth < DEPTH else []
        below = [self._entry(each, depth + 1) for each in held if each not in self._placed]
        line = self._ordered[position]
        return MenuEntry(line.title, line.url, tuple(below))


def _named(said: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(said, str):
        said = [said]
    if isinstance(said, list):
        said = {name: {} for name in said if isinstance(name, str)}
    if isinstance(said, dict):
        for name, more in said.items():
            if menu := _text(name):
                yield menu, more if isinstance(more, dict) else {}


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:NAME]


def _weight(value: object, otherwise: int) -> int:
    return value if type(value) is int and abs(value) <= HEAVIEST else otherwise
