"""What Django's admin asks by its own names, as an action of policy and what it is done with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from apps.policy.actions import BY_NAME
from apps.policy.entities import (
    Branch,
    Document,
    Extension,
    Person,
    Policy,
    Release,
    Resource,
    Site,
)

ALL: Final = "*"
"""Stands for every row, where the admin asks about none in particular."""
ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "console.view_account": "manage-people",
        "console.add_account": "manage-people",
        "console.change_account": "manage-people",
        "policy.view_auditevent": "manage-people",
        "content.view_document": "preview",
        "content.view_problem": "preview",
        "gitsync.view_syncrun": "preview",
        "extensions.view_extensionstate": "preview",
        "extensions.change_extensionstate": "enable-extension",
    }
)
"""Every permission that there is: one that is not here is denied."""


_PLAIN: Final[Mapping[str, Resource]] = MappingProxyType(
    {each.kind: each for each in (Branch(ALL), Policy(ALL), Release(ALL, ALL), Site(ALL))}
)


def of_app(label: str) -> tuple[str, ...]:
    return tuple(name for name in ACTIONS if name.startswith(f"{label}."))


def resource_of(action: str, row: Any = None) -> Resource:
    kind = BY_NAME[action].resource
    if kind == Person.kind:
        named = getattr(row, "get_username", None)
        return Person(named() if named else ALL)
    if kind == Extension.kind:
        type_, _, name = getattr(row, "key", f"{ALL}:{ALL}").partition(":")
        return Extension(type_, name, bundled=False)
    if plain := _PLAIN.get(kind):
        return plain
    path = getattr(row, "source", None) or ALL
    # The least public that there may be, so that whoever is shown a list may see all of it.
    return Document(path=path, type="page", draft=True, visibility="private", branch=ALL)
