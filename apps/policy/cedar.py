"""The only module that knows Cedar's engine: texts into policies, policies into slices, answers.

Whoever calls `parsed` has bounded the text before: the engine ends its process on deep ones.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NewType

import cedarpy
import orjson

from apps.policy.flaws import plain

PolicyJson = Mapping[str, Any]
"""One policy in the form that Cedar's documentation calls the JSON policy format."""
Schema = NewType("Schema", cedarpy.Schema)
_NO_CONTEXT: Final = "{}"
_NUMBERED: Final = re.compile(r"`policy(\d+)`")


class UnreadablePolicy(ValueError):
    """The engine's own words, cut."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`policies` are the names of those that decided; `errors` mean that nothing did."""

    allowed: bool
    policies: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Policies ready to decide. The engine numbers them; `names` is by its ids."""

    handle: cedarpy.PolicySet
    names: Mapping[str, str]

    def named(self, error: str) -> str:
        """The engine's words, with the policy's own name."""
        said = _NUMBERED.sub(lambda id: f"`{self.names.get(id[0][1:-1], id[0])}`", error, count=1)
        return plain(said)


def parsed(text: str) -> tuple[PolicyJson, ...]:
    """In the order of the text. Raises UnreadablePolicy."""
    try:
        found = orjson.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise UnreadablePolicy(plain(str(error))) from None
    if found["templates"]:
        raise UnreadablePolicy("a template with ?principal or ?resource permits nothing here")
    return tuple(found["staticPolicies"].values())


def compiled(policies: Mapping[str, str]) -> Slice:
    """Name -> text of one policy that `parsed` has read. Raises UnreadablePolicy."""
    try:
        handle = cedarpy.PolicySet.from_str("\n".join(policies.values()))
    except ValueError as error:
        raise UnreadablePolicy(plain(str(error))) from None
    if len(handle) != len(policies):
        raise UnreadablePolicy("these are other policies when they are read together")
    return Slice(handle, {f"policy{number}": name for number, name in enumerate(policies)})


def ask(policies: Slice, request: Mapping[str, Any], entities: str) -> Answer:
    """`request`: principal, action and resource, each {"type", "id"}; `entities`: JSON text.

    Never raises: what cannot be decided is an answer with errors.
    """
    try:
        asked = {**request, "context": _NO_CONTEXT}
        result = cedarpy.is_authorized(asked, policies.handle, entities)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # A panic of the engine is no Exception.
        return Answer(False, (), (plain(f"{type(error).__name__}: {error}"),))
    found = result.diagnostics
    errors = tuple(policies.named(str(error)) for error in found.errors)
    decided = sorted(policies.names[id] for id in found.reasons)
    return Answer(result.allowed and not errors, tuple(decided), errors)


def schema_of(schema: Mapping[str, Any]) -> Schema:
    """Of Cedar's JSON form. Raises ValueError."""
    return Schema(cedarpy.Schema.from_json_str(json.dumps(schema)))


def mistakes(text: str, schema: Schema) -> tuple[str, ...]:
    """What of one policy the schema does not allow, in the engine's words."""
    found = cedarpy.validate_policies(text, schema)
    return tuple(plain(str(error.error)) for error in found.errors)


def written(policy: PolicyJson) -> str:
    """A policy as text. Raises UnreadablePolicy."""
    made = {"templates": {}, "staticPolicies": {"policy0": policy}, "templateLinks": []}
    try:
        return cedarpy.policies_from_json_str(json.dumps(made))
    except (ValueError, RecursionError) as error:
        raise UnreadablePolicy(plain(str(error))) from None
