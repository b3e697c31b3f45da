"""Which attributes of a resource policies look at, so that equal ones need not be asked about."""

import pytest

from apps.policy.attention import attention
from apps.policy.entities import VISIBILITIES, Document
from apps.policy.rules import VISITOR, rules_of

HEAD = '@id("x") permit (principal is Visitor, action == Action::"read", '


def looked_at(text: str) -> frozenset[str] | None:
    rules = rules_of({"policies/a.cedar": f"{HEAD}{text}".encode()})
    assert rules.flaws == ()
    return attention(each.json for each in rules.policies if each.path == "policies/a.cedar")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("resource is Document);", set()),
        ("resource) when { resource.draft };", {"draft"}),
        ('resource) when { resource.path like "a*" || resource.draft };', {"path", "draft"}),
        ("resource) when { resource has draft && 1 < 2 } unless { resource.draft };", {"draft"}),
        ('resource) when { ["a", resource.type].contains("a") };', {"type"}),
        (
            'resource) when { if resource.draft then true else resource.type == "a" };',
            {"draft", "type"},
        ),
    ],
)
def test_attributes_are_found_wherever_they_stand(text: str, names: set[str]) -> None:
    assert looked_at(text) == frozenset(names)


@pytest.mark.parametrize(
    "text",
    [
        'resource == Document::"a");',
        'resource in Branch::"main");',
        'resource is Document in Branch::"main");',
        'resource) when { resource == Document::"a" };',
        'resource) when { resource in Branch::"main" };',
        "resource) when { [resource].contains(resource) };",
        'resource) when { {"a": resource}.a.draft };',
    ],
)
def test_where_it_matters_which_one_it_is_nothing_is_said(text: str) -> None:
    assert looked_at(text) is None


def test_documents_that_agree_in_it_are_decided_alike() -> None:
    text = f'{HEAD}resource) when {{ resource.draft || resource.visibility == "private" }};'
    rules = rules_of({"policies/a.cedar": text.encode()})
    for visibility in VISIBILITIES:
        answers = {
            rules.decide(
                VISITOR,
                "read",
                Document(
                    path=path,
                    type="page",
                    draft=visibility == "draft",
                    visibility=visibility,
                    branch="main",
                ),
            ).allowed
            for path in ("content/a.md", "x", "policies/a.cedar")
        }
        assert len(answers) == 1
