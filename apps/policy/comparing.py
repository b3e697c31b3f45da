"""Which decisions come out otherwise by other rules, and whether nobody could change them back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.policy.actions import ACTIONS
from apps.policy.bundled import BASE
from apps.policy.decisions import Decision
from apps.policy.entities import Person, Policy, Principal, Resource, System
from apps.policy.roles import PATH
from apps.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Row:
    """One question. A person's roles are not looked at: they are those of the rules."""

    principal: Principal
    action: str
    resource: Resource


@dataclass(frozen=True, slots=True)
class Flip:
    """A row that is decided otherwise."""

    row: Row
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class Lockout:
    """Who may still change policy, and which of its files nobody may change.

    `shell`: whether whoever has the machine's shell may change all of them.
    """

    able: tuple[str, ...]
    closed: tuple[str, ...]
    shell: bool

    @property
    def is_complete(self) -> bool:
        return not self.able


def compare(before: Rules, after: Rules, rows: Iterable[Row]) -> Iterator[Flip]:
    """In the order of the rows; two decisions for each."""
    for row in rows:
        old, new = _decided(before, row), _decided(after, row)
        if old.allowed != new.allowed:
            yield Flip(row, old, new)


def every_row(principals: Sequence[Principal], resources: Iterable[Resource]) -> Iterator[Row]:
    """Each principal with each resource and all that can be asked of both."""
    for resource in resources:
        for action in ACTIONS:
            if action.resource == resource.kind:
                for principal in principals:
                    if principal.kind in action.principals:
                        yield Row(principal, action.name, resource)


def lockout(rules: Rules, people: Iterable[str]) -> Lockout:
    """`people`: ids of accounts; those whom a role names are asked about as well."""
    paths = sorted({PATH, *(p.path for p in rules.policies if p.path != BASE)})
    asked = [rules.person(id) for id in sorted({*people, *rules.roles.people()})]
    may = {
        person.id: [path for path in paths if _may_change(rules, person, path)] for person in asked
    }
    open_ones = {path for found in may.values() for path in found}
    return Lockout(
        able=tuple(id for id, found in may.items() if found),
        closed=tuple(path for path in paths if path not in open_ones),
        shell=all(_may_change(rules, System("command"), path) for path in paths),
    )


def _decided(rules: Rules, row: Row) -> Decision:
    who, what = row.principal, row.resource
    if isinstance(who, Person):
        who = rules.person(who.id)
    if isinstance(what, Person):
        what = rules.person(what.id)
    return rules.decide(who, row.action, what)


def _may_change(rules: Rules, principal: Principal, path: str) -> bool:
    return rules.decide(principal, "change-policy", Policy(path)).allowed
