"""The folder `policies/` within its bounds, each seen from both sides."""

import pytest

from apps.policy.limits import POLICY_BYTES, POLICY_FILE_BYTES, POLICY_FILES
from apps.policy.sources import Sources, read


def codes(files: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(flaw.path, flaw.code) for flaw in read(files).flaws]


def files(number: int, size: int = 0) -> dict[str, bytes]:
    return {f"policies/{each:04}.cedar": b" " * size for each in range(number)}


def test_files_are_taken_by_what_they_are_for() -> None:
    found = read(
        {
            "content/a.cedar": b"permit",
            "policies/b.cedar": b"permit(principal,action,resource);",
            "policies/a.cedar": b"",
            "policies/README.md": b"x",
            "policies/roles.toml": b'[roles]\neditors = ["ada"]',
            "policies/tests/a.toml": b"# none",
            "policies/tests/more/b.toml": b"x",
        }
    )
    assert [(path, len(texts)) for path, texts in found.policies] == [
        ("policies/a.cedar", 0),
        ("policies/b.cedar", 1),
    ]
    assert found.tests == (("policies/tests/a.toml", "# none"),)
    assert found.roles.members == {"editors": ("ada",)}
    assert not found.flaws


def test_a_site_may_have_none() -> None:
    assert read({"content/a.md": b""}) == Sources((), (), read({}).roles, ())


def test_the_number_of_files_is_bounded() -> None:
    assert not codes(files(POLICY_FILES))
    assert codes(files(POLICY_FILES + 1)) == [("policies/", "policy.too-large")]


def test_a_file_is_bounded() -> None:
    assert not codes(files(1, POLICY_FILE_BYTES))
    assert codes(files(1, POLICY_FILE_BYTES + 1)) == [("policies/0000.cedar", "policy.too-large")]


def test_all_files_together_are_bounded() -> None:
    fitting = files(POLICY_BYTES // POLICY_FILE_BYTES, POLICY_FILE_BYTES)
    assert not codes(fitting)
    assert codes({**fitting, "policies/z.md": b" "}) == [("policies/", "policy.too-large")]


@pytest.mark.parametrize(
    "path", ["policies/more/a.cedar", "policies/tests/a.cedar", "policies/\n.cedar"]
)
def test_a_policy_that_would_not_count_or_cannot_be_named_is_told(path: str) -> None:
    assert codes({path: b""}) == [(path, "policy.place")]


def test_bytes_that_are_no_text_are_told_with_their_file() -> None:
    assert codes({"policies/a.cedar": b"\xff"}) == [("policies/a.cedar", "policy.encoding")]


def test_policies_that_do_not_fit_and_roles_are_told_with_their_place() -> None:
    found = read({"policies/a.cedar": b"\n\n(" + b"(" * 99, "policies/roles.toml": b"x"}).flaws
    assert [(flaw.path, flaw.line, flaw.code) for flaw in found] == [
        ("policies/a.cedar", 3, "policy.too-deep"),
        ("policies/roles.toml", 0, "policy.roles"),
    ]
    assert all(flaw.remedy for flaw in found)
