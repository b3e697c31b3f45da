"""Who asks, and what for: the values that callers hand in, and their form as Cedar's entities.

`shape` and `within` of each class are also what the schema is made from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final

from apps.policy.limits import ID_CHARACTERS, ROLES, TEXT_CHARACTERS

STRING, BOOLEAN = "String", "Boolean"
_TYPES: Final[Mapping[str, type]] = MappingProxyType({STRING: str, BOOLEAN: bool})
VISIBILITIES: Final = ("draft", "private", "public")


class MalformedEntity(Exception):
    """A value that is no entity; whatever it asks for is denied."""


class Entity:
    """One of its `kind`. The attributes in `shape` are fields of the same name."""

    __slots__ = ()
    kind: ClassVar[str]
    shape: ClassVar[Mapping[str, str]] = {}
    within: ClassVar[str | None] = None
    """The kind of what it may be in, as in `principal in Role::"editors"`."""

    @property
    def key(self) -> str:
        """Its id in Cedar's sense."""
        raise NotImplementedError

    def parents(self) -> tuple[str, ...]:
        """Ids, all of the kind `within`."""
        return ()

    def __str__(self) -> str:
        quoted = self.key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.kind}::"{quoted}"'


class Named(Entity):
    """Its name is all that tells it from others."""

    __slots__ = ()
    id: str

    @property
    def key(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Person(Named):
    """`id` is the name of the console's account, and the principal in `allowed_signers`."""

    id: str
    roles: tuple[str, ...] = ()
    kind: ClassVar[str] = "Person"
    within: ClassVar[str | None] = "Role"

    def parents(self) -> tuple[str, ...]:
        return self.roles


@dataclass(frozen=True, slots=True)
class System(Named):
    """`command`: whoever has the machine's shell; `sync`: a server that pulls; `task`: scheduled
    work."""

    id: str
    kind: ClassVar[str] = "System"


SYSTEMS: Final = ("command", "sync", "task")


@dataclass(frozen=True, slots=True)
class Visitor(Named):
    """Somebody who reads the site, and says nothing of who they are."""

    id: str = "anonymous"
    kind: ClassVar[str] = "Visitor"


@dataclass(frozen=True, slots=True)
class Extension(Entity):
    """Who asks as well as what is asked for. `type` is "plugin" or "theme"."""

    type: str
    name: str
    bundled: bool
    kind: ClassVar[str] = "Extension"
    shape: ClassVar[Mapping[str, str]] = {"type": STRING, "name": STRING, "bundled": BOOLEAN}

    @property
    def key(self) -> str:
        return f"{self.type}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Entity):
    """`type` is the index's kind of document: page, section, ..."""

    path: str
    type: str
    draft: bool
    visibility: str
    branch: str
    kind: ClassVar[str] = "Document"
    shape: ClassVar[Mapping[str, str]] = {
        **{"path": STRING, "type": STRING, "draft": BOOLEAN},
        **{"visibility": STRING, "branch": STRING},
    }
    within: ClassVar[str | None] = "Branch"

    @property
    def key(self) -> str:
        return self.path

    def parents(self) -> tuple[str, ...]:
        return (self.branch,)


@dataclass(frozen=True, slots=True)
class Site(Named):
    """The whole of it: its configuration, its backups, its form."""

    id: str
    kind: ClassVar[str] = "Site"


@dataclass(frozen=True, slots=True)
class Branch(Named):
    """A branch of the site repository, which is an environment where it is served."""

    id: str
    kind: ClassVar[str] = "Branch"


@dataclass(frozen=True, slots=True)
class Release(Named):
    """One that is to be served again. `branch` is that of its environment."""

    id: str
    branch: str
    kind: ClassVar[str] = "Release"
    shape: ClassVar[Mapping[str, str]] = {"branch": STRING}
    within: ClassVar[str | None] = "Branch"

    def parents(self) -> tuple[str, ...]:
        return (self.branch,)


@dataclass(frozen=True, slots=True)
class Capability(Entity):
    """`granted`: whether `extensions.lock` grants it. `extension` is as in `plugin:comments`."""

    name: str
    extension: str
    granted: bool
    kind: ClassVar[str] = "Capability"
    shape: ClassVar[Mapping[str, str]] = {
        **{"name": STRING, "extension": STRING, "granted": BOOLEAN}
    }

    @property
    def key(self) -> str:
        return f"{self.extension} {self.name}"


@dataclass(frozen=True, slots=True)
class Secret(Entity):
    """By name only; its value is nobody's business here."""

    file: str
    name: str
    kind: ClassVar[str] = "Secret"
    shape: ClassVar[Mapping[str, str]] = {"file": STRING, "name": STRING}

    @property
    def key(self) -> str:
        return f"{self.file} {self.name}"


@dataclass(frozen=True, slots=True)
class Policy(Entity):
    """A file below `policies/`: rules, roles or tests."""

    path: str
    kind: ClassVar[str] = "Policy"
    shape: ClassVar[Mapping[str, str]] = {"path": STRING}

    @property
    def key(self) -> str:
        return self.path


PRINCIPALS: Final = (Person, System, Extension, Visitor)
RESOURCES: Final = (
    *(Document, Site, Branch, Release, Extension, Capability, Secret, Policy, Person),
)
WITHIN: Final[Mapping[str, str]] = MappingProxyType(
    {each.kind: each.within for each in (*PRINCIPALS, *RESOURCES) if each.within is not None}
)
"""Kind -> the kind that it may be in."""
Principal = Person | System | Extension | Visitor
Resource = Document | Site | Branch | Release | Extension | Capability | Secret | Policy | Person


def as_json(entity: object) -> dict[str, Any]:
    """Cedar's form of it. Raises MalformedEntity for whatever is not whole and of its type."""
    if not isinstance(entity, Entity):
        raise MalformedEntity(f"{type(entity).__name__[:ID_CHARACTERS]} is no entity")
    attributes = {name: getattr(entity, name) for name in entity.shape}
    for name, kind in entity.shape.items():
        _check(entity, name, attributes[name], _TYPES[kind])
    key, parents = entity.key, entity.parents()
    _check(entity, "id", key, str)
    if not key:
        raise MalformedEntity(f"{entity.kind}: its id is empty")
    if type(parents) is not tuple or len(parents) > ROLES:
        raise MalformedEntity(f"{entity.kind}: what it is in is no tuple of at most {ROLES}")
    for parent in parents:
        _check(entity, "what it is in", parent, str)
    return {
        "uid": {"type": entity.kind, "id": key},
        "attrs": attributes,
        "parents": [{"type": entity.within, "id": parent} for parent in parents],
    }


def _check(entity: Entity, name: str, value: object, kind: type) -> None:
    if type(value) is not kind:
        said = f"is {type(value).__name__} instead of {kind.__name__}"
        raise MalformedEntity(f"{entity.kind}: {name} {said}")
    if isinstance(value, str) and len(value) > TEXT_CHARACTERS:
        raise MalformedEntity(f"{entity.kind}: {name} is over {TEXT_CHARACTERS} characters")
