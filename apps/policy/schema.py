"""What there is to decide, as a schema in Cedar's JSON form: made from entities and actions."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from apps.policy.actions import ACTIONS
from apps.policy.entities import PRINCIPALS, RESOURCES, Entity

Applies = Mapping[str, tuple[frozenset[str], frozenset[str]]]
"""Action -> kinds of principals and of resources that it can be decided for."""
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def complete(more: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """What is decided here, and what others add: `more` is a schema of the same form."""
    added = more.get("", NOTHING)
    return {
        "": {
            "entityTypes": {**added.get("entityTypes", NOTHING), **_entity_types()},
            "actions": {**added.get("actions", NOTHING), **_actions()},
        }
    }


def applies(schema: Mapping[str, Any]) -> Applies:
    """Of a complete schema."""
    found = {}
    for name, action in schema[""]["actions"].items():
        to = action["appliesTo"]
        found[name] = (frozenset(to["principalTypes"]), frozenset(to["resourceTypes"]))
    return MappingProxyType(found)


def _entity_types() -> dict[str, Any]:
    kinds = {each.kind: _entity_type(each) for each in (*PRINCIPALS, *RESOURCES)}
    groups: Iterable[str] = (each.within for each in PRINCIPALS if each.within is not None)
    return {**{group: {} for group in groups}, **kinds}


def _entity_type(entity: type[Entity]) -> dict[str, Any]:
    attributes = {name: {"type": kind} for name, kind in entity.shape.items()}
    made: dict[str, Any] = {"shape": {"type": "Record", "attributes": attributes}}
    return made if entity.within is None else {"memberOfTypes": [entity.within], **made}


def _actions() -> dict[str, Any]:
    return {
        each.name: {
            "appliesTo": {
                "principalTypes": list(each.principals),
                "resourceTypes": [each.resource],
            }
        }
        for each in ACTIONS
    }
