"""Entities as people write them in tests and commands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.entities import (
    Branch,
    Capability,
    Document,
    Extension,
    MalformedEntity,
    Person,
    Policy,
    Release,
    Secret,
    Site,
    System,
    Visitor,
)
from apps.policy.limits import TEXT_CHARACTERS
from apps.policy.notation import principal, resource
from apps.policy.roles import NO_ROLES, read_roles
from tests.tables import each_of

ROLES = read_roles('[roles]\neditors = ["ada"]')


def test_a_person_has_the_roles_of_the_site_or_those_that_are_written() -> None:
    assert principal('Person::"ada"', {}, ROLES) == Person("ada", ("editors",))
    assert principal('Person::"ada"', {"roles": ["a"]}, ROLES) == Person("ada", ("a",))
    assert principal('Person::"eve"', {}, ROLES) == Person("eve")


def test_other_principals_are_what_they_are() -> None:
    assert principal('System::"sync"', {}, NO_ROLES) == System("sync")
    assert principal('Visitor::"anonymous"', {}, NO_ROLES) == Visitor()
    plugin = Extension("plugin", "a", True)
    assert principal('Extension::"plugin:a"', {"bundled": True}, NO_ROLES) == plugin


@pytest.mark.parametrize(
    "entity",
    [
        *(Site("site"), Branch("main"), Policy("policies/a.cedar"), Person("ada")),
        *(Release("1", "main"), Extension("theme", "plain", False), Secret("a.sops.yaml", "k")),
        Capability("read:site", "plugin:a", False),
        Document(path='a"\\', type="page", draft=False, visibility="public", branch="main"),
    ],
    ids=lambda each: each.kind,
)
def test_a_resource_is_read_as_it_is_shown(entity: Any) -> None:
    assert resource(str(entity), {}) == entity


def test_attributes_are_given_beside_it() -> None:
    got = resource('Document::"a"', {"draft": True, "branch": "next"})
    assert isinstance(got, Document) and (got.draft, got.branch, got.type) == (True, "next", "page")
    assert resource('Capability::"plugin:a read:site"', {"granted": True}) == Capability(
        "read:site", "plugin:a", True
    )


@each_of(
    ("text", "attributes"),
    [
        *((text, {}) for text in ("", "Document", "Document::a", 'Document::"', 'Nothing::"a"')),
        *((text, {}) for text in ('System::"sync"', 'Role::"a"', 'Document::"a"b"', ' Site::"a"')),
        *((text, {}) for text in ('Extension::"a"', 'Extension::"plugin:"', 'Extension::"x:a"')),
        *((text, {}) for text in ('Secret::"a"', 'Capability::"read:site"', 'Secret::" a"')),
        ('Document::"a"', {"path": "b"}),
        ('Document::"a"', {"colour": "red"}),
        ('Document::"a"', {"draft": "yes"}),
        ('Document::"a"', {"visibility": True}),
        ('Branch::"a"', {"name": "a"}),
        ('Person::"a"', {"roles": ["a"]}),
        ('Secret::"a b"', {"file": "c"}),
        ('Site::"' + "a" * (2 * TEXT_CHARACTERS) + '"', {}),
    ],
)
def test_what_is_no_resource_is_told(text: str, attributes: dict[str, Any]) -> None:
    with pytest.raises(MalformedEntity):
        resource(text, attributes)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ('Document::"a"', {}),
        ('Person::"a"', {"roles": "editors"}),
        ('Person::"a"', {"roles": [3]}),
        ('Person::"a"', {"admin": True}),
        ('Visitor::"a"', {"roles": []}),
        ('Extension::"plugin:a"', {"bundled": "yes"}),
    ],
)
def test_what_is_no_principal_is_told(text: str, attributes: dict[str, Any]) -> None:
    with pytest.raises(MalformedEntity):
        principal(text, attributes, NO_ROLES)


@given(st.text(min_size=1, max_size=30))
def test_any_name_can_be_written(name: str) -> None:
    assert resource(str(Policy(name)), {}) == Policy(name)
