"""Policies fit the schema, and name only what there is."""

import pytest

from apps.extensions.capabilities import cedar_schema
from apps.policy.fitting import unfit
from apps.policy.limits import CHAIN
from apps.policy.rules import rules_of
from tests.tables import each_of


def told(policy: str) -> list[tuple[str, int, str]]:
    files = {
        "policies/a.cedar": f'\n@id("a") {policy}'.encode(),
        "policies/roles.toml": b"[roles]\neditors = []",
    }
    return [(flaw.code, flaw.line, flaw.reason) for flaw in unfit(rules_of(files, cedar_schema()))]


@pytest.mark.parametrize(
    "policy",
    [
        'permit (principal in Role::"editors", action, resource);',
        'permit (principal == System::"task", action, resource in Branch::"main");',
        'permit (principal == Extension::"plugin:a", action == Action::"readSite", resource);',
        'forbid (principal, action, resource) when { resource has path && resource.path == "" };',
        'permit (principal, action == Action::"edit", resource) when { resource in Branch::"x" };',
    ],
)
def test_what_fits_is_not_told(policy: str) -> None:
    assert told(policy) == []


@each_of(
    ("policy", "code"),
    [
        ('permit (principal in Role::"editor", action, resource);', "policy.name"),
        (
            'permit (principal, action, resource) when { principal in Role::"x" };',
            "policy.name",
        ),
        ('forbid (principal == System::"shell", action, resource);', "policy.name"),
        ('forbid (principal == Extension::"a", action, resource);', "policy.name"),
        ('permit (principal == User::"ada", action, resource);', "policy.schema"),
        ('permit (principal, action == Action::"Edit", resource);', "policy.schema"),
        (
            'permit (principal, action == Action::"edit", resource) when { resource.titel == "" };',
            "policy.schema",
        ),
        ("permit (principal, action, resource) when { resource.draft };", "policy.schema"),
        ('permit (principal is Visitor, action == Action::"edit", resource);', "policy.schema"),
        (
            'permit (principal, action == Action::"edit", resource) when { resource.draft == 1 };',
            "policy.schema",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(policy: str, code: str) -> None:
    found = told(policy)
    assert {each[:2] for each in found} == {(code, 2)}
    assert all("policies/a.cedar:a" in each[2] for each in found)


def test_a_policy_just_within_the_bounds_can_be_judged() -> None:
    terms = " || ".join(['resource.path == "a"'] * CHAIN)
    assert told(f'permit (principal, action == Action::"edit", resource) when {{ {terms} }};') == []
