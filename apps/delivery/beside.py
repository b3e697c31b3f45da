"""What stands around a page as its template sees it: plain values only. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from apps.content.menus import MenuEntry
from apps.content.surroundings import Near
from apps.delivery.around import Surroundings
from apps.delivery.quoting import quoted

Titled = dict[str, str]


def surroundings(found: Surroundings, sections: Sequence[Titled]) -> dict[str, Any]:
    """`sections` are title and URL of those below, in their order."""
    totals = (each.total for each in found.below)
    return {
        "previous": _near(found.neighbours.previous),
        "next": _near(found.neighbours.next),
        "related": [_near(each) for each in found.related],
        "sections": [
            {**each, "total": total} for each, total in zip(sections, totals, strict=True)
        ],
    }


def above(section: str) -> Iterable[str]:
    """The sections that hold it, and itself, the topmost first."""
    parts = section.split("/") if section else []
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


def worded(name: str) -> str:
    """A name of the repository as a title."""
    words = name.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def menu(entries: Iterable[MenuEntry]) -> list[dict[str, Any]]:
    return [
        {"title": entry.title, "url": quoted(entry.url), "below": menu(entry.below)}
        for entry in entries
    ]


def _near(found: Near | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "title": found.title,
        "url": quoted(found.url),
        "date": found.date or None,
        "description": found.description,
    }
