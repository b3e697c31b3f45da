"""What is left out of a slice would not have decided: asked of the engine itself."""

import json
from itertools import product

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.entities import Branch, Document, Person, Principal, Resource, System, as_json
from apps.policy.rules import rules_of

WHO = (
    *("principal", "principal is Person", "principal is System", 'principal == Person::"ada"'),
    *('principal in Role::"editors"', 'principal in Person::"ada"', 'principal in System::"sync"'),
    *('principal is Person in Role::"editors"', 'principal == System::"sync"'),
)
ACTIONS = (
    *("action", 'action == Action::"edit"', 'action in Action::"edit"', "action in []"),
    *('action in [Action::"read", Action::"sync"]', 'action in [Action::"edit", Action::"read"]'),
)
WHAT = (
    *(
        "resource",
        "resource is Document",
        'resource == Document::"a"',
        'resource in Branch::"main"',
    ),
    *('resource is Document in Branch::"main"', "resource is Branch", 'resource in Document::"a"'),
)
CONDITIONS = ("", "when { resource.draft }", "when { resource has draft && principal has x }")
DOCUMENT = Document(path="a", type="page", draft=True, visibility="public", branch="main")
QUESTIONS: tuple[tuple[Principal, str, Resource], ...] = (
    (Person("ada", ("editors",)), "edit", DOCUMENT),
    (Person("eve"), "read", DOCUMENT),
    (System("sync"), "sync", Branch("main")),
    (System("task"), "edit", DOCUMENT),
)
POLICY = st.tuples(*map(st.sampled_from, (("permit", "forbid"), WHO, ACTIONS, WHAT, CONDITIONS)))


def by_the_engine(text: str, question: tuple[Principal, str, Resource]) -> tuple[bool, bool]:
    """Whether it is allowed and whether there were errors, of all policies at once."""
    who, what = as_json(question[0]), as_json(question[2])
    request = {
        "principal": who["uid"],
        "action": {"type": "Action", "id": question[1]},
        "resource": what["uid"],
        "context": {},
    }
    found = cedarpy.is_authorized(request, text, json.dumps([who, what]))
    errors = bool(found.diagnostics.errors)
    return found.allowed and not errors, errors


@given(st.lists(POLICY, max_size=6))
def test_a_slice_decides_as_all_policies_do(drawn: list[tuple[str, ...]]) -> None:
    text = "\n".join(
        f'@id("p{number}") {effect} ({who}, {action}, {what}) {condition};'
        for number, (effect, who, action, what, condition) in enumerate(drawn)
    )
    rules = rules_of({"policies/a.cedar": text.encode()})
    alone = rules.without(*(p.name for p in rules.policies if p.path == "base"))
    for question in QUESTIONS:
        got = alone.decide(*question)
        assert (got.allowed, bool(got.errors)) == by_the_engine(text, question)


@pytest.mark.parametrize("who", WHO)
def test_every_form_of_a_scope_is_known(who: str) -> None:
    text = "\n".join(
        f'@id("p{number}") permit ({who}, {action}, {what});'
        for number, (action, what) in enumerate(product(ACTIONS, WHAT))
    )
    assert not rules_of({"policies/a.cedar": text.encode()}).flaws


def test_a_slice_names_each_policy_that_decides() -> None:
    text = "".join(
        f'@id("p{n}") permit (principal, action == Action::"{action}", resource);'
        for n, action in enumerate(["read", "edit", "preview"] * 10)
    )
    rules = rules_of({"policies/a.cedar": text.encode()})
    got = rules.decide(Person("ada"), "read", DOCUMENT)
    assert got.policies == tuple(sorted(f"policies/a.cedar:p{n}" for n in range(0, 30, 3)))
