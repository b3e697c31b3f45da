"""`policies/roles.toml`: who is in which role. Hostile until read here. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from apps.policy.entities import Person
from apps.policy.limits import ID_CHARACTERS, ROLE_MEMBERS, ROLES
from apps.policy.strict_toml import TomlUnreadable, read_toml

PATH: Final = "policies/roles.toml"
_TABLE: Final = "roles"
_ROLE: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{ID_CHARACTERS - 1}}}")
_PERSON: Final = re.compile(r"[^\s\"\\\x00-\x1f\x7f]{1,150}")
"""As Django bounds names of accounts; those of `allowed_signers` have no spaces either."""


class RolesUnreadable(ValueError):
    """Says what is wrong with the file."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Role -> the ids of its people."""

    members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def person(self, id: str) -> Person:
        """With the roles that the site gives them: none, if it does not name them."""
        return Person(id, tuple(sorted(r for r, people in self.members.items() if id in people)))

    def people(self) -> tuple[str, ...]:
        """Everybody whom a role names, sorted."""
        return tuple(sorted({id for people in self.members.values() for id in people}))


NO_ROLES: Final = Roles()


def read_roles(text: str) -> Roles:
    """Raises RolesUnreadable."""
    try:
        table = read_toml(text)
    except TomlUnreadable as error:
        raise RolesUnreadable(str(error)) from None
    if unknown := sorted(table.keys() - {_TABLE}):
        raise RolesUnreadable(f"it holds {unknown[0][:ID_CHARACTERS]!r}, which is not known")
    roles = table.get(_TABLE, {})
    if type(roles) is not dict or len(roles) > ROLES:
        raise RolesUnreadable(f"[{_TABLE}] is no table of at most {ROLES} roles")
    return Roles(MappingProxyType({name: _members(name, roles[name]) for name in sorted(roles)}))


def _members(role: str, people: object) -> tuple[str, ...]:
    if not _ROLE.fullmatch(role):
        raise RolesUnreadable(f"{role[:ID_CHARACTERS]!r} is no name of a role: use a-z, 0-9 and -")
    if type(people) is not list or len(people) > ROLE_MEMBERS:
        raise RolesUnreadable(f"{role} is no list of at most {ROLE_MEMBERS} people")
    for person in people:
        if type(person) is not str or not _PERSON.fullmatch(person):
            raise RolesUnreadable(f"{role} names {str(person)[:ID_CHARACTERS]!r}, who is nobody")
    if len(set(people)) < len(people):
        raise RolesUnreadable(f"{role} names somebody twice")
    return tuple(sorted(people))
