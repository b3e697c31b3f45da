"""The site's lists with an extension switched on, off, configured or gone. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from apps.extensions.configuration import ROOT
from apps.extensions.finding import Kind
from apps.extensions.owning.owned import Lists

Row = dict[str, Any]


def switched_on(lists: Lists, kind: Kind, name: str, mount: str | None) -> Lists:
    """At the end of its list, unless it has a place there. A theme takes the place of the one that
    answers where it is mounted, which stays listed."""
    rows = lists[kind]
    own = [row for row in rows if row["id"] == name and mount in (None, _mount(row))]
    if not own:
        own = [{"id": name} | ({"mount": mount} if mount not in (None, ROOT) else {})]
        rows = [*rows, *own]
    if kind == "plugin":
        return {**lists, kind: [_on(row) if row["id"] == name else row for row in rows]}
    taken = {_mount(row) for row in own}
    made = [
        _on(row) if row in own else _off(row) if _mount(row) in taken and is_on(row) else row
        for row in rows
    ]
    return {**lists, kind: made}


def switched_off(lists: Lists, kind: Kind, name: str) -> Lists:
    """It keeps its place and its settings."""
    return _each(lists, kind, name, lambda row: _off(row) if is_on(row) else row)


def configured(lists: Lists, kind: Kind, name: str, settings: Iterable[Mapping[str, Any]]) -> Lists:
    """`settings` are those of each place where it is listed."""
    given = iter(settings)

    def change(row: Row) -> Row:
        rest = {key: value for key, value in row.items() if key != "settings"}
        return rest | ({"settings": dict(new)} if (new := next(given)) else {})

    return _each(lists, kind, name, change)


def moved(lists: Lists, kind: Kind, name: str, by: int) -> Lists:
    """So many places further down its list; up where it is negative, and never beyond its ends."""
    rows = list(lists[kind])
    at = next((place for place, row in enumerate(rows) if row["id"] == name), None)
    if at is None:
        return lists
    row = rows.pop(at)
    rows.insert(max(0, at + by), row)
    return {**lists, kind: rows}


def removed(lists: Lists, kind: Kind, name: str) -> Lists:
    return {**lists, kind: [row for row in lists[kind] if row["id"] != name]}


def settings_of(lists: Lists, kind: Kind, name: str) -> list[Mapping[str, Any]]:
    """Of each place where it is listed."""
    return [row.get("settings", {}) for row in lists[kind] if row["id"] == name]


def is_on(row: Row) -> bool:
    return bool(row.get("enabled", True))


def _on(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "enabled"}


def _off(row: Row) -> Row:
    return {**row, "enabled": False}


def _mount(row: Row) -> str:
    return str(row.get("mount", ROOT))


def _each(lists: Lists, kind: Kind, name: str, change: Callable[[Row], Row]) -> Lists:
    return {**lists, kind: [change(row) if row["id"] == name else row for row in lists[kind]]}
