"""Policies are proven in a confined worker, and nothing hostile gets further."""

import pytest

from apps.extensions.capabilities import cedar_schema
from apps.policy import validating
from apps.policy.limits import FLAWS
from apps.policy.validating import check, validate
from apps.runtime.faults import WorkerUnavailable
from apps.runtime.workers import Workers

ROLES = b'[roles]\neditors = ["ada"]\n'
EDITORS = b'@id("e") permit (principal in Role::"editors", action == Action::"edit", resource);\n'
CASE = b"""
[[case]]
name = "editors edit"
principal = 'Person::"ada"'
action = "edit"
resource = 'Document::"content/a.md"'
expect = "allow"
"""
SITE = {
    "policies/roles.toml": ROLES,
    "policies/site.cedar": EDITORS,
    "policies/tests/site.toml": CASE,
}


def codes(files: dict[str, bytes], workers: Workers) -> list[tuple[str, int, str]]:
    found = validate(files, workers, cedar_schema())
    assert all(flaw.reason and flaw.remedy for flaw in found)
    return [(flaw.path, flaw.line, flaw.code) for flaw in found]


def test_what_is_sound_has_no_flaws_and_is_counted(workers: Workers) -> None:
    found = check(SITE, workers, cedar_schema())
    assert (found.flaws, found.failed, found.policies, found.cases) == ((), (), 1, 1)


def test_a_site_without_policies_is_sound(workers: Workers) -> None:
    assert codes({"content/a.md": b"\xff"}, workers) == []


def test_all_that_is_wrong_is_told_at_once(workers: Workers) -> None:
    files = {
        **SITE,
        "policies/a.cedar": b"\npermit;\n" + EDITORS.replace(b"editors", b"editor"),
        "policies/tests/a.toml": b"[[case]]\n",
    }
    assert codes(files, workers) == [
        ("policies/a.cedar", 2, "policy.syntax"),
        ("policies/a.cedar", 3, "policy.name"),
        ("policies/tests/a.toml", 1, "policy.test"),
    ]


def test_a_test_that_fails_is_told_with_all_that_it_takes(workers: Workers) -> None:
    files = {**SITE, "policies/tests/site.toml": CASE.replace(b'"allow"', b'"deny"')}
    found = check(files, workers, cedar_schema())
    assert [flaw.code for flaw in found.flaws] == ["policy.test-failed"]
    (failed,) = found.failed
    assert (failed.path, failed.line, failed.name) == (
        "policies/tests/site.toml",
        2,
        "editors edit",
    )
    assert (failed.expected, failed.got) == ("deny", "allow")
    assert failed.policies == ("policies/site.cedar:e",)


def test_what_is_out_of_bounds_is_told_without_a_worker() -> None:
    unavailable = Workers()
    unavailable.stop()
    assert codes({"policies/a.cedar": b"\xff"}, unavailable)[0][2] == "policy.encoding"


@pytest.mark.parametrize("opening", [b"(", b"[", b"{a:", b"if true then true else ", b"[f("])
def test_what_would_end_the_parser_is_a_flaw_with_its_place(
    workers: Workers, opening: bytes
) -> None:
    text = b'\n@id("a") permit (principal, action, resource) when { ' + opening * 2500
    assert codes({**SITE, "policies/a.cedar": text}, workers) == [
        ("policies/a.cedar", 2, "policy.too-deep")
    ]


def test_flaws_are_bounded(workers: Workers) -> None:
    assert len(codes({"policies/a.cedar": b"permit;\n" * (FLAWS + 1)}, workers)) == FLAWS


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch, workers: Workers) -> Workers:
    """Their worker of policies ends at some texts."""
    monkeypatch.setattr(validating, "ENTRY", "tests.policy.workers.deadly")
    return workers


def test_a_file_that_ends_its_worker_is_a_flaw_of_that_file(deadly: Workers) -> None:
    for act in (b"die", b"abort"):
        files = {"policies/a.cedar": b"", "policies/b.cedar": act, "policies/c.md": b""}
        assert codes(files, deadly) == [("policies/b.cedar", 0, "policy.unproven")]


def test_files_that_end_it_only_together_are_a_flaw_of_the_folder(deadly: Workers) -> None:
    files = {f"policies/{name}.cedar": b"" for name in "abc"}
    assert codes(files, deadly) == [("policies/", 0, "policy.unproven")]


@pytest.mark.parametrize("act", [b"lie", b"babble"])
def test_an_answer_that_is_none_proves_nothing(deadly: Workers, act: bytes) -> None:
    assert codes({"policies/a.cedar": act}, deadly) == [("policies/", 0, "policy.unproven")]


def test_where_no_worker_can_be_had_nothing_is_said(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "ENTRY", "apps.policy.no_such_worker")
    with pytest.raises(WorkerUnavailable):
        validate(SITE, workers)
