"""Why a decision is as it is, and which single changes would turn it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from apps.policy.decisions import Decision
from apps.policy.entities import (
    STRING,
    VISIBILITIES,
    Extension,
    MalformedEntity,
    Person,
    Principal,
    Resource,
)
from apps.policy.limits import PROBES
from apps.policy.parts import failing
from apps.policy.policies import NamedPolicy
from apps.policy.questions import Question, question
from apps.policy.rules import Rules

_NAMING: Final = frozenset({"path", "name", "file", "extension"})
"""Attributes that say which one it is: with another value it is another thing."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """A policy that decided, and where it stands."""

    name: str
    path: str
    line: int
    permits: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A policy that is about such things and did not decide, as these parts do not hold."""

    name: str
    path: str
    line: int
    permits: bool
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change that by itself turns the decision. `kind`: role, attribute or policy."""

    kind: str
    words: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Explanation:
    """`near` in the order of the policies; `changes` that turn the decision, roles first."""

    decision: Decision
    deciding: tuple[Deciding, ...]
    near: tuple[Near, ...]
    changes: tuple[Change, ...]


def explain(rules: Rules, principal: Principal, action: str, resource: Resource) -> Explanation:
    """Takes a decision for each change that is tried, and one for each part of each policy."""
    decision = rules.decide(principal, action, resource)
    try:
        asked = question(principal, action, resource, rules.applies)
    except MalformedEntity:
        return Explanation(decision, (), (), ())
    policies = rules.of_kinds(asked.kinds)
    tried = islice(_tried(rules, principal, action, resource), PROBES)
    return Explanation(
        decision=decision,
        deciding=tuple(_deciding(p) for p in policies if p.name in decision.policies),
        near=tuple(_near(p, asked) for p in policies if p.name not in decision.policies),
        changes=tuple(change for change in tried if change.decision.allowed != decision.allowed),
    )


def _deciding(policy: NamedPolicy) -> Deciding:
    return Deciding(policy.name, policy.path, policy.line, policy.permits)


def _near(policy: NamedPolicy, asked: Question) -> Near:
    parts = failing(policy, asked)
    return Near(policy.name, policy.path, policy.line, policy.permits, parts)


def _tried(rules: Rules, principal: Principal, action: str, resource: Resource) -> Iterator[Change]:
    for words, other in _other_roles(rules, principal):
        yield Change("role", words, rules.decide(other, action, resource))
    for words, thing in _other_values(rules, resource):
        yield Change("attribute", f"resource.{words}", rules.decide(principal, action, thing))
    if isinstance(principal, Extension):
        other = replace(principal, bundled=not principal.bundled)
        words = f"principal.bundled is {str(other.bundled).lower()}"
        yield Change("attribute", words, rules.decide(other, action, resource))
    for names in _fewer(rules.decide(principal, action, resource).policies):
        left = rules.without(*names).decide(principal, action, resource)
        yield Change("policy", f"without {' and '.join(names)}", left)


def _other_roles(rules: Rules, principal: Principal) -> Iterator[tuple[str, Principal]]:
    if not isinstance(principal, Person):
        return
    for role in sorted({*rules.roles.members, *principal.roles}):
        has = role in principal.roles
        roles = {*principal.roles} ^ {role}
        words = f"{'not in' if has else 'in'} the role {role}"
        yield words, replace(principal, roles=tuple(sorted(roles)))


def _other_values(rules: Rules, resource: Resource) -> Iterator[tuple[str, Resource]]:
    for name, kind in resource.shape.items():
        if name in _NAMING:
            continue
        now = getattr(resource, name)
        values = _texts(rules, name) if kind == STRING else (not now,)
        for value in values:
            if value != now:
                shown = f'"{value}"' if kind == STRING else str(value).lower()
                yield f"{name} is {shown}", replace(resource, **{name: value})


def _texts(rules: Rules, name: str) -> tuple[Any, ...]:
    """What the policies compare with: other values are all alike to them."""
    if name == "visibility":
        return VISIBILITIES
    found = (text for policy in rules.policies for text in _literals(policy.json))
    return tuple(sorted(set(found)))


def _literals(policy: Any) -> Iterator[str]:
    """Texts and ids of entities, wherever they stand in the scope and the conditions."""
    waiting: list[Any] = [policy["principal"], policy["resource"], *policy["conditions"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            text = value.get("Value", value.get("id"))
            if isinstance(text, str):
                yield text
            waiting += value.values()


def _fewer(deciding: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from ((name,) for name in deciding)
    if len(deciding) > 1:
        yield deciding
