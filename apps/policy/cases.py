"""Policy tests, `policies/tests/*.toml`: hostile text into typed cases, and what comes of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from apps.policy.decisions import Decision
from apps.policy.entities import MalformedEntity, Principal, Resource
from apps.policy.flaws import Flaw, flaw
from apps.policy.limits import CASES, ID_CHARACTERS
from apps.policy.notation import principal, resource
from apps.policy.roles import Roles
from apps.policy.rules import Rules
from apps.policy.strict_toml import TomlUnreadable, read_toml

ALLOW, DENY = "allow", "deny"
_CASE: Final = re.compile(r"^[ \t]*\[\[[ \t]*case[ \t]*\]\]", re.MULTILINE)
_ASKED: Final = ("principal", "action", "resource")
_OF_PRINCIPAL: Final = ("roles", "bundled")
KEYS: Final = frozenset({*_ASKED, *_OF_PRINCIPAL, "name", "attributes", "expect"})


@dataclass(frozen=True, slots=True)
class Case:
    """One decision that is expected; `line` is where its [[case]] stands."""

    path: str
    line: int
    name: str
    principal: Principal
    action: str
    resource: Resource
    allowed: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out otherwise."""

    case: Case
    got: Decision

    def as_json(self) -> dict[str, Any]:
        case = self.case
        return {
            **{"path": case.path, "line": case.line, "name": case.name},
            **{"principal": str(case.principal), "action": case.action},
            **{"resource": str(case.resource), "expected": _word(case.allowed)},
            **{"got": _word(self.got.allowed), "reason": self.got.reason},
            "policies": list(self.got.policies),
        }

    def flaw(self) -> Flaw:
        case, got = self.case, self.got
        asked = f"{case.principal} {case.action} {case.resource}"
        expected = f"{_word(case.allowed)} is expected, {_word(got.allowed)} came"
        said = f"{case.name}: {asked}: {expected}: {got.reason}"
        return flaw(case.path, "policy.test-failed", said, case.line)


def _word(allowed: bool) -> str:
    return ALLOW if allowed else DENY


class CaseUnreadable(ValueError):
    """Says what is wrong with a case."""


def read_cases(path: str, text: str, roles: Roles) -> tuple[tuple[Case, ...], tuple[Flaw, ...]]:
    """`principal`, `action` and `resource` may be lists: then each goes with each."""
    try:
        table = read_toml(text)
    except TomlUnreadable as error:
        return (), (flaw(path, "policy.test", str(error)),)
    found, unknown = table.get("case", []), sorted(table.keys() - {"case"})
    if unknown or type(found) is not list or not all(type(each) is dict for each in found):
        said = f"{unknown[0][:ID_CHARACTERS]!r} is not known" if unknown else "case is no [[case]]"
        return (), (flaw(path, "policy.test", said),)
    return _read_all(path, text, found, roles)


def failures(cases: tuple[Case, ...], rules: Rules) -> tuple[Failure, ...]:
    """In the order of the cases."""
    asked = ((case, rules.decide(case.principal, case.action, case.resource)) for case in cases)
    return tuple(Failure(case, got) for case, got in asked if got.allowed != case.allowed)


def _read_all(
    path: str, text: str, found: list[dict[str, Any]], roles: Roles
) -> tuple[tuple[Case, ...], tuple[Flaw, ...]]:
    lines = [text.count("\n", 0, place.start()) + 1 for place in _CASE.finditer(text)]
    cases: list[Case] = []
    for number, each in enumerate(found):
        line = lines[number] if len(lines) == len(found) else 0
        try:
            for case in _cases(path, line, each, roles):
                if len(cases) >= CASES:
                    said = f"there are over {CASES} cases"
                    return (), (flaw(path, "policy.too-large", said, line),)
                cases.append(case)
        except (CaseUnreadable, MalformedEntity) as error:
            return (), (flaw(path, "policy.test", f"case {number + 1}: {error}", line),)
    return tuple(cases), ()


def _cases(path: str, line: int, table: Mapping[str, Any], roles: Roles) -> Iterator[Case]:
    if unknown := sorted(table.keys() - KEYS):
        raise CaseUnreadable(f"{unknown[0][:ID_CHARACTERS]!r} is not known")
    expect = table.get("expect")
    if expect not in (ALLOW, DENY):
        raise CaseUnreadable(f"expect is neither {ALLOW} nor {DENY}")
    name = table.get("name", f"line {line}")
    if type(name) is not str or len(name) > ID_CHARACTERS:
        raise CaseUnreadable(f"name is no text of at most {ID_CHARACTERS} characters")
    attributes = table.get("attributes", {})
    if type(attributes) is not dict:
        raise CaseUnreadable("attributes is no table")
    own = {key: table[key] for key in _OF_PRINCIPAL if key in table}
    for who, action, what in product(*(_texts(table, key) for key in _ASKED)):
        asking, asked = principal(who, own, roles), resource(what, attributes)
        yield Case(path, line, name, asking, action, asked, expect == ALLOW)


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key)
    given = value if type(value) is list else [value]
    texts = [text for text in given if type(text) is str]
    if not texts or len(texts) < len(given):
        raise CaseUnreadable(f"{key} is no text, nor a list of texts")
    return texts
