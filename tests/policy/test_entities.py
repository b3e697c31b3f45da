"""What callers hand in, and its form as Cedar's entities."""

import json

import cedarpy
import pytest

from apps.policy.entities import (
    PRINCIPALS,
    RESOURCES,
    Branch,
    Capability,
    Document,
    Entity,
    Extension,
    MalformedEntity,
    Person,
    Policy,
    Release,
    Secret,
    Site,
    System,
    Visitor,
    as_json,
)
from apps.policy.limits import TEXT_CHARACTERS
from apps.policy.schema import complete

ONE_OF_EACH: tuple[Entity, ...] = (
    Person("ada", ("editors", "reviewers")),
    System("sync"),
    Extension("plugin", "comments", False),
    Visitor(),
    Document(path="content/a.md", type="page", draft=True, visibility="draft", branch="main"),
    Site("site"),
    Branch("main"),
    Release("20260101-1", "main"),
    Capability("read:site", "plugin:comments", True),
    Secret("secrets/site.sops.yaml", "key"),
    Policy("policies/a.cedar"),
)


def test_each_kind_is_here() -> None:
    assert {type(each) for each in ONE_OF_EACH} == {*PRINCIPALS, *RESOURCES}


@pytest.mark.parametrize("entity", ONE_OF_EACH, ids=lambda each: each.kind)
def test_an_entity_fits_the_schema(entity: Entity) -> None:
    cedarpy.Entities.from_json_str(json.dumps([as_json(entity)]), schema=complete())


def test_an_entity_is_shown_as_policies_write_it() -> None:
    shown = list(map(str, ONE_OF_EACH))
    assert 'Document::"content/a.md"' in shown
    assert 'Extension::"plugin:comments"' in shown
    assert str(Person('a"\\b')) == 'Person::"a\\"\\\\b"'


def test_texts_are_bounded() -> None:
    as_json(Person("a" * TEXT_CHARACTERS))
    with pytest.raises(MalformedEntity, match="over"):
        as_json(Person("a" * (TEXT_CHARACTERS + 1)))


def test_a_value_of_another_type_is_told_by_its_name() -> None:
    with pytest.raises(MalformedEntity, match="bundled is str instead of bool"):
        as_json(Extension("plugin", "a", "yes"))  # type: ignore[arg-type]
