"""Whether the scope of a policy can match an action and kinds at all, by its text alone. Pure.

What cannot match never decides and never fails, so it need not be asked.
"""

from collections.abc import Mapping
from typing import Any

from apps.policy.entities import WITHIN

Scope = Mapping[str, Any]


def concerns(policy: Mapping[str, Any], principal: str, action: str, resource: str) -> bool:
    """`principal` and `resource` are kinds."""
    return (
        is_of_kind(policy["principal"], principal)
        and names_action(policy["action"], action)
        and is_of_kind(policy["resource"], resource)
    )


def names_action(scope: Scope, action: str) -> bool:
    """There are no groups of actions, so `in` is a list of names."""
    if scope["op"] == "All":
        return True
    named = scope["entities"] if "entities" in scope else (scope["entity"],)
    return any(each["type"] == "Action" and each["id"] == action for each in named)


def is_of_kind(scope: Scope, kind: str) -> bool:
    """What is in an entity is of its kind, since it is in itself, or of one that is within."""
    if scope["op"] == "All":
        return True
    if scope["op"] == "is":
        return bool(scope["entity_type"] == kind)
    named = scope["entity"]["type"]
    return bool(named == kind or (scope["op"] == "in" and named == WITHIN.get(kind)))
