"""Entities as people write them: `Document::"content/a.md"`, and attributes beside it. Pure."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from apps.policy.entities import (
    STRING,
    Branch,
    Capability,
    Document,
    Extension,
    MalformedEntity,
    Person,
    Policy,
    Principal,
    Release,
    Resource,
    Secret,
    Site,
    System,
    Visitor,
)
from apps.policy.limits import TEXT_CHARACTERS
from apps.policy.roles import Roles

_WRITTEN: Final = re.compile(r'([A-Za-z]+)::"((?:[^"\\]|\\["\\])*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r'\\(["\\])')
_BRANCH: Final = "main"
DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "Document": {
            "type": "page",
            "visibility": "public",
            "draft": False,
            "branch": _BRANCH,
        },
        "Release": {"branch": _BRANCH},
        "Extension": {"bundled": False},
        "Capability": {"granted": False},
    }
)
"""What need not be written of an entity."""
_PLAIN: Final[Mapping[str, Callable[[str], Resource]]] = MappingProxyType(
    {"Site": Site, "Branch": Branch, "Policy": Policy, "Person": Person}
)


def principal(text: str, attributes: Mapping[str, Any], roles: Roles) -> Principal:
    """A person has the roles that the site gives them, unless `attributes` has others.

    Raises MalformedEntity, as `resource` does.
    """
    kind, id = _read(text)
    given = dict(attributes)
    if kind == "Person":
        own = given.pop("roles", list(roles.person(id).roles))
        _none_left(kind, given)
        return Person(id, _names(own))
    if kind == "Extension":
        return _extension(id, given)
    _none_left(kind, given)
    if kind == "System":
        return System(id)
    if kind == "Visitor":
        return Visitor(id)
    raise MalformedEntity(f"{kind} is no kind of principal")


def resource(text: str, attributes: Mapping[str, Any]) -> Resource:
    """What is not in `attributes` is as in DEFAULTS."""
    kind, id = _read(text)
    if kind == "Extension":
        return _extension(id, attributes)
    if kind in ("Capability", "Secret"):
        return _of_two(kind, id, attributes)
    if kind == "Document":
        return Document(path=id, **_attributes(Document, attributes, "path"))
    if kind == "Release":
        return Release(id, **_attributes(Release, attributes))
    if kind not in _PLAIN:
        raise MalformedEntity(f"{kind} is no kind of resource")
    _none_left(kind, attributes)
    return _PLAIN[kind](id)


def _read(text: str) -> tuple[str, str]:
    found = _WRITTEN.fullmatch(text) if len(text) <= 2 * TEXT_CHARACTERS else None
    if found is None:
        raise MalformedEntity(f'{text[:80]!r} is not written as Kind::"id"')
    return found[1], _ESCAPED.sub(r"\1", found[2])


def _extension(id: str, attributes: Mapping[str, Any]) -> Extension:
    type, mark, name = id.partition(":")
    if type not in ("plugin", "theme") or not mark or not name:
        raise MalformedEntity(f"an extension is plugin:<id> or theme:<id>, and not {id[:80]!r}")
    return Extension(type, name, **_attributes(Extension, attributes, "type", "name"))


def _of_two(kind: str, id: str, attributes: Mapping[str, Any]) -> Capability | Secret:
    first, mark, name = id.partition(" ")
    if not mark or not first or not name:
        wanted = "<extension> <capability>" if kind == "Capability" else "<file> <name>"
        raise MalformedEntity(f'a {kind} is written as {kind}::"{wanted}", and not {id[:80]!r}')
    if kind == "Capability":
        return Capability(name, first, **_attributes(Capability, attributes, "extension", "name"))
    _none_left(kind, attributes)
    return Secret(first, name)


def _attributes(
    entity: type[Document | Release | Extension | Capability],
    given: Mapping[str, Any],
    *named: str,
) -> dict[str, Any]:
    """Those that the id does not say."""
    open_ones = {name: kind for name, kind in entity.shape.items() if name not in named}
    _none_left(entity.kind, {name: value for name, value in given.items() if name not in open_ones})
    values = {**DEFAULTS[entity.kind], **given}
    for name, kind in open_ones.items():
        wanted = str if kind == STRING else bool
        if type(values[name]) is not wanted:
            raise MalformedEntity(f"{entity.kind}: {name} is no {kind}")
    return values


def _none_left(kind: str, given: Mapping[str, Any]) -> None:
    if given:
        raise MalformedEntity(f"{kind} has no attribute {min(given)[:80]!r}")


def _names(value: object) -> tuple[str, ...]:
    if type(value) is not list or not all(type(name) is str for name in value):
        raise MalformedEntity("Person: roles is no list of names")
    return tuple(value)
