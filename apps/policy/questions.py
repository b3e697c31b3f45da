"""A principal, an action and a resource as Cedar is asked about them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from apps.policy.entities import MalformedEntity, as_json
from apps.policy.limits import ID_CHARACTERS
from apps.policy.schema import Applies

Kinds = tuple[str, str, str]
"""Of the principal, the action's name, of the resource."""


@dataclass(frozen=True, slots=True)
class Question:
    """`entities` is JSON text."""

    kinds: Kinds
    request: Mapping[str, Any]
    entities: str


def question(principal: object, action: object, resource: object, known: Applies) -> Question:
    """Raises MalformedEntity for whatever cannot be decided."""
    kind, uid, text = _encoded(principal)
    asked = as_json(resource)
    kinds = _kinds(kind, action, asked["uid"]["type"], known)
    request = {
        "principal": uid,
        "action": {"type": "Action", "id": kinds[1]},
        "resource": asked["uid"],
    }
    # One who asks about themselves is who they are, whatever the caller says of the resource.
    both = f"[{text}]" if asked["uid"] == uid else f"[{text},{_text(asked)}]"
    return Question(kinds, request, both)


def _kinds(principal: str, action: object, resource: str, known: Applies) -> Kinds:
    if type(action) is not str or action not in known:
        raise MalformedEntity(f"{str(action)[:ID_CHARACTERS]!r} is no action")
    principals, resources = known[action]
    if principal not in principals:
        raise MalformedEntity(f"{action} is nothing that a {principal} can ask for")
    if resource not in resources:
        raise MalformedEntity(f"{action} is nothing that is done with a {resource}")
    return principal, action, resource


def _encoded(principal: object) -> tuple[str, Mapping[str, str], str]:
    if principal is None:
        raise MalformedEntity("nobody asks")
    found = as_json(principal)
    return found["uid"]["type"], found["uid"], _text(found)


def _text(entity: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(entity).decode()
    except TypeError as error:  # Half a character, which no encoding holds.
        raise MalformedEntity(str(error)) from None
