"""The decision table of each sample holds, and is complete."""

import pytest

from apps.extensions.capabilities import cedar_schema
from apps.policy.actions import BY_NAME
from apps.policy.bundled import SAMPLES, sample
from apps.policy.cases import Case, failures, read_cases
from apps.policy.entities import Person, Visitor
from apps.policy.fitting import unfit
from apps.policy.rules import Rules, rules_of
from apps.policy.sources import read
from apps.policy.validating import check
from apps.runtime.workers import Workers

STRANGER = "mallory"


def table(name: str) -> tuple[Rules, tuple[Case, ...]]:
    sources = read(sample(name))
    cases: list[Case] = []
    for path, text in sources.tests:
        found, flaws = read_cases(path, text, sources.roles)
        assert not flaws
        cases += found
    return rules_of(sample(name), cedar_schema()), tuple(cases)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_of_its_decision_table_holds(name: str) -> None:
    rules, cases = table(name)
    assert not rules.flaws and not unfit(rules)
    assert [failure.flaw() for failure in failures(cases, rules)] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_its_decision_table_has_everybody_and_every_action(name: str) -> None:
    rules, cases = table(name)
    people = {*rules.roles.people(), STRANGER} if rules.roles.people() else {"ada"}
    asked = {(type(case.principal), case.principal.key, case.action) for case in cases}
    for action in BY_NAME.values():
        for person in people:
            assert (Person, person, action.name) in asked, (person, action.name)
    for name in ("read", "preview", "edit"):
        assert (Visitor, "anonymous", name) in asked


@pytest.mark.parametrize("name", SAMPLES)
def test_its_decision_table_would_notice_that_a_policy_is_gone(name: str) -> None:
    rules, cases = table(name)
    for policy in rules.policies:
        if policy.path != "base" and policy.permits:
            assert failures(cases, rules.without(policy.name)), policy.name


def test_the_samples_pass_where_those_of_sites_have_to(workers: Workers) -> None:
    for name in SAMPLES:
        found = check(sample(name), workers, cedar_schema())
        assert not found.flaws and not found.failed
        assert found.policies and found.cases == len(table(name)[1])
