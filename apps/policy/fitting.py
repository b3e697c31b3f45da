"""Whether policies fit the schema, and name only what there is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from apps.policy import cedar
from apps.policy.entities import SYSTEMS
from apps.policy.flaws import Flaw, flaw
from apps.policy.policies import NamedPolicy
from apps.policy.roles import Roles
from apps.policy.rules import Rules
from apps.policy.schema import complete

_EXTENSIONS: Final = ("plugin:", "theme:")


def unfit(rules: Rules) -> tuple[Flaw, ...]:
    """In the order of the policies. Costs some milliseconds for each: not for a request."""
    schema = cedar.schema_of(complete(rules.more))
    return tuple(found for each in rules.policies for found in _of(each, schema, rules.roles))


def _of(policy: NamedPolicy, schema: cedar.Schema, roles: Roles) -> Iterator[Flaw]:
    for said in cedar.mistakes(policy.text, schema):
        yield flaw(policy.path, "policy.schema", f"{policy.name}: {said}", policy.line)
    for kind, id in sorted(set(_entities(policy.json))):
        if (unknown := _unknown(kind, id, roles)) is not None:
            yield flaw(policy.path, "policy.name", f"{policy.name}: {unknown}", policy.line)


def _unknown(kind: str, id: str, roles: Roles) -> str | None:
    """Whose names can be known: a misspelt one in a forbid would forbid nothing."""
    if kind == "Role" and id not in roles.members:
        return f"policies/roles.toml has no role {id!r}"
    if kind == "System" and id not in SYSTEMS:
        return f"there is no System {id!r}, but {', '.join(SYSTEMS)}"
    if kind == "Extension" and not id.startswith(_EXTENSIONS):
        return f"extensions are named as plugin:<id> or theme:<id>, and not {id!r}"
    return None


def _entities(policy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and id of all that a policy names, wherever it stands in it."""
    waiting: list[Any] = [policy]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if value.keys() == {"type", "id"}:
                yield str(value["type"]), str(value["id"])
            waiting += value.values()
