from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy import rules
from apps.policy.rules import VISIBILITIES, VISITOR, Decision, Principal, decide, readable

ALLOW = 'permit (principal, action == Action::"read", resource);'
SetPolicies = Callable[[str], None]


def document(visibility: object = "public", **attributes: object) -> dict[str, Any]:
    uid = {"type": "Document", "id": "x"}
    return {"uid": uid, "attrs": {"visibility": visibility, **attributes}, "parents": []}


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetPolicies]:
    """Other policies than the bundled ones, for one test."""

    def put(text: str) -> None:
        (tmp_path / "test.cedar").write_text(text)
        monkeypatch.setattr(rules, "POLICIES", tmp_path / "test.cedar")
        forget()

    def forget() -> None:
        rules._policies.cache_clear()
        readable.cache_clear()

    yield put
    monkeypatch.undo()
    forget()


def test_a_visitor_reads_what_is_public_and_nothing_else() -> None:
    assert readable(VISITOR) == ("public",)
    assert decide(VISITOR, "read", document("public")).allowed
    for hidden in set(VISIBILITIES) - {"public"}:
        assert not decide(VISITOR, "read", document(hidden)).allowed


def test_a_permission_names_its_policy() -> None:
    decision = decide(VISITOR, "read", document())
    assert decision == Decision(True, "visitors-read-public-documents")


def test_a_denial_says_that_nothing_allows_it() -> None:
    assert decide(VISITOR, "read", document("draft")) == Decision(False, "no policy allows it")


@pytest.mark.parametrize("action", ["write", "delete", "Read", "", "read ", 'x"'])
def test_an_action_that_no_policy_knows_is_denied(action: str) -> None:
    assert not decide(VISITOR, action, document()).allowed


@pytest.mark.parametrize("kind", ["Secret", "Extension", "Namespace::Document"])
def test_a_resource_of_another_kind_is_denied(kind: str) -> None:
    secret = {**document(), "uid": {"type": kind, "id": "x"}}
    assert not decide(VISITOR, "read", secret).allowed


@given(st.text(max_size=12))
def test_only_the_one_word_is_public(visibility: str) -> None:
    assert decide(VISITOR, "read", document(visibility)).allowed == (visibility == "public")


@pytest.mark.parametrize("visibility", [1, True, ["public"], {"public": True}])
def test_a_visibility_that_is_no_word_is_denied(visibility: object) -> None:
    assert not decide(VISITOR, "read", document(visibility)).allowed


def test_a_missing_attribute_is_a_denial_with_its_reason() -> None:
    uid = {"type": "Document", "id": "x"}
    decision = decide(VISITOR, "read", {"uid": uid, "attrs": {}, "parents": []})
    assert not decision.allowed
    assert "visibility" in decision.reason


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"uid": None, "attrs": {}, "parents": []},
        {"uid": "Document", "attrs": {}, "parents": []},
        {"uid": {"type": "Docu ment", "id": "x"}, "attrs": {}, "parents": []},
        {"uid": {"type": "Document", "id": "x"}, "attrs": 3, "parents": []},
        {"uid": {"type": "Document", "id": "x"}, "attrs": {"visibility": None}, "parents": []},
        {"uid": {"type": "Document", "id": "x"}, "attrs": {"x": 1.5}, "parents": []},
    ],
)
def test_a_resource_that_is_none_is_denied_and_never_raises(resource: dict[str, Any]) -> None:
    decision = decide(VISITOR, "read", resource)
    assert not decision.allowed
    assert decision.reason


@pytest.mark.parametrize(
    "principal", [Principal("", ""), Principal("A b", "x"), Principal("::", "")]
)
def test_a_principal_that_is_none_is_denied(principal: Principal) -> None:
    assert not decide(principal, "read", document()).allowed


def test_without_policies_everything_is_denied(policies: SetPolicies) -> None:
    policies("")
    assert readable(VISITOR) == ()


def test_what_is_forbidden_stays_so_whatever_permits_it(policies: SetPolicies) -> None:
    policies(ALLOW + '@id("no") forbid (principal, action, resource);')
    assert decide(VISITOR, "read", document()) == Decision(False, "no")


def test_a_policy_that_fails_denies_what_another_permits(policies: SetPolicies) -> None:
    policies(ALLOW + "permit (principal, action, resource) when { resource.nothing == 1 };")
    decision = decide(VISITOR, "read", document())
    assert not decision.allowed
    assert "nothing" in decision.reason


@pytest.mark.parametrize("text", ["permit", "permit (principal, action, resource", "\0", "{}"])
def test_policies_that_cannot_be_read_deny_everything(policies: SetPolicies, text: str) -> None:
    policies(ALLOW + text)
    assert not decide(VISITOR, "read", document()).allowed
    assert decide(VISITOR, "read", document()).reason
    assert readable(VISITOR) == ()


def test_policies_that_are_missing_deny_everything(
    policies: SetPolicies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    policies("")
    monkeypatch.setattr(rules, "POLICIES", tmp_path / "none.cedar")
    rules._policies.cache_clear()
    assert not decide(VISITOR, "read", document()).allowed
