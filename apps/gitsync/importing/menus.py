"""Menus of an export as tables of the configuration. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from apps.content.addresses import AddressError
from apps.content.menus import LINES, MENUS, NAME
from apps.content.redirects import target_of
from apps.gitsync.importing.headers import title_text
from apps.gitsync.importing.links import Links
from apps.gitsync.importing.naming import stem
from apps.gitsync.importing.survey import Known, Survey

FURTHEST: Final = 100_000
"""Weights beyond are those of lines that say none."""


Lists = Mapping[str, tuple[str, str]]
"""Name and address of the list of a term, by its id."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line, or why there is none."""

    item: Known
    menu: str = ""
    table: Mapping[str, Any] | None = None
    reason: str = ""


def menu_lines(survey: Survey, links: Links, terms: Lists) -> list[MenuLine]:
    found: list[MenuLine] = []
    counts: dict[str, int] = {}
    for item in survey.lines:
        line = _line(item, survey, links, terms)
        if line.table is not None:
            counts[line.menu] = counts.get(line.menu, 0) + 1
            if counts[line.menu] > LINES or len(counts) > MENUS:
                line = MenuLine(item, reason=f"a site has {MENUS} menus of {LINES} lines")
        found.append(line)
    return found


def menus_of(lines: list[MenuLine]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if line.table is not None:
            found.setdefault(line.menu, []).append(dict(line.table))
    return {name: found[name] for name in sorted(found)}


def _line(item: Known, survey: Survey, links: Links, terms: Lists) -> MenuLine:
    title, address = _meant(item, survey, links, terms)
    if not item.menus or not title:
        return MenuLine(item, reason="it has no title" if item.menus else "it is in no menu")
    try:
        target = target_of(address)
    except AddressError:
        return MenuLine(item, reason="it leads to what did not come over")
    table: dict[str, Any] = {"title": title[:NAME], "url": target, "name": item.id}
    parent = item.menu[1]
    if parent.strip("0"):
        table["parent"] = parent
    if 0 <= item.order < FURTHEST:
        table["weight"] = item.order
    return MenuLine(item, stem(item.menus[0], "", "menu"), table)


def _meant(item: Known, survey: Survey, links: Links, terms: Lists) -> tuple[str, str]:
    """What it is called and where it leads; empty where that is not known."""
    kind, _, number, url = item.menu
    title = title_text(item.title)
    if kind == "post_type" and number in survey.items:
        other = survey.items[number]
        address = links.numbers.get(number, "") if other.is_public else ""
        return title or title_text(other.title), address
    if kind == "taxonomy":
        name, address = terms.get(number, ("", ""))
        return title or title_text(name), address
    return title, _custom(links, url) if kind == "custom" else ""


def _custom(links: Links, url: str) -> str:
    """What only opens others below it leads home; an address of the site has no fragment here."""
    if url.startswith("#"):
        return "/"
    found = links.lead(url)
    return unquote(found.partition("#")[0]) if found else url
