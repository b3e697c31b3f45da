"""Why a decision is as it is, and what would turn it."""

import pytest

from apps.extensions.capabilities import cedar_schema
from apps.policy.bundled import sample
from apps.policy.entities import (
    Capability,
    Document,
    Extension,
    Policy,
    Principal,
    Resource,
    System,
    Visitor,
)
from apps.policy.explaining import Explanation, explain
from apps.policy.rules import Rules, rules_of

TEAM = rules_of(sample("team"), cedar_schema())
PRIVATE = rules_of(sample("private-sections"), cedar_schema())


def document(path: str = "content/a.md", visibility: str = "public") -> Document:
    draft = visibility == "draft"
    return Document(path=path, type="page", draft=draft, visibility=visibility, branch="main")


def changes(explanation: Explanation) -> set[str]:
    return {change.words for change in explanation.changes}


def test_an_allow_tells_its_policies_and_what_would_deny() -> None:
    found = explain(TEAM, TEAM.person("grace"), "edit", document())
    (deciding,) = found.deciding
    assert (deciding.name, deciding.path) == (
        "policies/team.cedar:editors-write",
        "policies/team.cedar",
    )
    assert deciding.permits and deciding.line > 1
    assert changes(found) == {
        "not in the role editors",
        "without policies/team.cedar:editors-write",
    }


def test_a_denial_tells_which_permits_are_near_and_what_of_them_does_not_hold() -> None:
    found = explain(TEAM, TEAM.person("barbara"), "edit", document())
    assert not found.decision.allowed and not found.deciding
    assert {near.name.partition(":")[2]: near.failing for near in found.near} == {
        "editors-write": ('principal in Role::"editors"',),
        "administrators-may-do-everything": ('principal in Role::"administrators"',),
    }
    assert changes(found) == {"in the role editors", "in the role administrators"}


def test_a_forbid_is_told_and_what_would_lift_it() -> None:
    found = explain(TEAM, TEAM.person("grace"), "change-policy", Policy("policies/a.cedar"))
    assert [(each.name, each.permits) for each in found.deciding] == [
        ("policies/team.cedar:power-stays-with-administrators", False)
    ]
    assert changes(found) == {"in the role administrators"}


def test_conditions_that_do_not_hold_are_told_as_they_are_written() -> None:
    found = explain(PRIVATE, PRIVATE.person("vera"), "read", document(visibility="private"))
    failing = {near.name.partition(":")[2]: near.failing for near in found.near}
    assert failing["members-read-their-section"] == (
        'when { resource.path like "content/members/*" }',
    )
    assert failing["accounts-read-what-is-public"] == ('when { resource.visibility == "public" }',)
    assert 'resource.visibility is "public"' in changes(found)


def test_a_policy_that_fails_is_told_with_its_error() -> None:
    broken = '@id("b") permit (principal, action == Action::"read", resource) when { resource.x };'
    rules = rules_of({"policies/a.cedar": broken.encode()})
    found = explain(rules, Visitor(), "read", document())
    assert found.decision.errors
    (near,) = [each for each in found.near if each.name == "policies/a.cedar:b"]
    assert "resource.x" in near.failing[0] and "does not have the attribute" in near.failing[0]


def test_several_permits_are_told_and_taken_away_together() -> None:
    text = "".join(f'@id("{id}") permit (principal, action, resource);' for id in "ab")
    rules = rules_of({"policies/a.cedar": text.encode()})
    found = explain(rules, rules.person("ada"), "edit", document())
    assert changes(found) == {"without policies/a.cedar:a and policies/a.cedar:b"}


def test_a_branch_that_policies_name_is_tried() -> None:
    text = '@id("m") permit (principal, action, resource in Branch::"next");'
    rules = rules_of({"policies/a.cedar": text.encode()})
    found = explain(rules, rules.person("ada"), "edit", document())
    assert 'resource.branch is "next"' in changes(found)


def test_an_extension_is_explained_too() -> None:
    asked = Capability("read:site", "plugin:a", False)
    found = explain(TEAM, Extension("plugin", "a", False), "readSite", asked)
    assert changes(found) == {"principal.bundled is true", "resource.granted is true"}


@pytest.mark.parametrize(
    ("principal", "action", "resource"),
    [
        (Visitor(), "edit", document()),
        (Visitor(), "fly", document()),
        (System(""), "edit", document()),
    ],
)
def test_what_cannot_be_asked_has_its_reason_and_no_policies(
    principal: Principal, action: str, resource: Resource
) -> None:
    found = explain(TEAM, principal, action, resource)
    assert found.decision.errors and not (found.deciding or found.near or found.changes)


def test_each_change_that_is_told_does_turn_the_decision() -> None:
    for rules in (TEAM, PRIVATE, Rules((), TEAM.roles)):
        for person in rules.roles.people():
            for visibility in ("draft", "private", "public"):
                found = explain(
                    rules, rules.person(person), "read", document(visibility=visibility)
                )
                for change in found.changes:
                    assert change.decision.allowed != found.decision.allowed
