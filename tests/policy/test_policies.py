"""Every policy has a name by which decisions tell of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.entities import Person, Policy
from apps.policy.flaws import Flaw
from apps.policy.limits import ID_CHARACTERS
from apps.policy.policies import NamedPolicy, named
from apps.policy.rules import rules_of
from apps.policy.splitting import split

SCOPE = "permit (principal, action, resource)"


def read(*files: str) -> tuple[tuple[NamedPolicy, ...], tuple[Flaw, ...]]:
    return named((f"policies/{n}.cedar", split(text)) for n, text in enumerate(files))


def code(text: str) -> tuple[int, str]:
    policies, (flaw,) = read(text)
    assert not policies
    return flaw.line, flaw.code


def test_a_policy_is_named_by_its_file_and_its_id() -> None:
    policies, flaws = read(f'@id("a") {SCOPE};\n@id("b") {SCOPE};', f'@id("a") {SCOPE};')
    assert [(p.name, p.line) for p in policies] == [
        ("policies/0.cedar:a", 1),
        ("policies/0.cedar:b", 2),
        ("policies/1.cedar:a", 1),
    ]
    assert not flaws


def test_two_policies_of_one_name_are_told() -> None:
    policies, (flaw,) = read(f'@id("a") {SCOPE};\n\n@id("a") {SCOPE};')
    assert len(policies) == 1
    assert (flaw.line, flaw.code) == (3, "policy.id") and "line 1" in flaw.reason


@pytest.mark.parametrize("id", ["", '@id("")', '@id("a b")', '@id("é")', '@ID("a")'])
def test_a_policy_without_a_name_is_told(id: str) -> None:
    assert code(f"\n{id} {SCOPE};") == (2, "policy.id")


def test_an_id_is_bounded() -> None:
    assert not read(f'@id("{"a" * ID_CHARACTERS}") {SCOPE};')[1]
    assert code(f'@id("{"a" * (ID_CHARACTERS + 1)}") {SCOPE};') == (1, "policy.id")


@pytest.mark.parametrize(
    "text",
    [
        ";",
        "permit",
        "@id permit (principal, action, resource",
        '@id("a") @id("b") permit (principal, action, resource);',
        '@id("a") permit (principal == ?principal, action, resource);',
        '@id("a") permit (principal, action, resource) when { nope(1) };',
        '@id("a") permit (principal, action, resource)',
    ],
)
def test_what_is_no_policy_is_told_with_its_line(text: str) -> None:
    assert code(f"\n\n{text}") == (3, "policy.syntax")


def test_the_policies_around_a_wrong_one_are_read() -> None:
    policies, flaws = read(f'@id("a") {SCOPE};\npermit;\n@id("c") {SCOPE};')
    assert [p.name[-1] for p in policies] == ["a", "c"]
    assert [flaw.line for flaw in flaws] == [2]


WORDS = (
    *("permit", "forbid", "(", ")", "principal", ",", "action", "resource", "==", "in", "is", "["),
    *("]", "when", "unless", "{", "}", ";", "&&", "||", "!", "-", "+", "*", ".", "has", "like"),
    *("if", "then", "else", "true", "1", '"*a"', '@id("a")', "?principal", 'Role::"a"', "context"),
    *('Action::"edit"', "Person", "ip", "//\n", "\r", "é", '"\\u{1F600}"', "9223372036854775808"),
)
HEADS = ("", '@id("a") permit (principal, action, resource) when {')


@given(st.sampled_from(HEADS), st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_words_are_policies_or_flaws(head: str, words: list[str]) -> None:
    text = f"{head} {' '.join(words)} }};"
    rules = rules_of({"policies/a.cedar": text.encode()})
    got = rules.decide(Person("ada"), "edit", Policy("a"))
    assert not got.allowed and got.reason
