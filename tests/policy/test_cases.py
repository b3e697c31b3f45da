"""Policy tests: hostile text into typed cases, and what comes of them."""

from apps.policy.cases import Case, failures, read_cases
from apps.policy.entities import Document, Person
from apps.policy.flaws import Flaw
from apps.policy.limits import CASES, ID_CHARACTERS
from apps.policy.roles import read_roles
from apps.policy.rules import rules_of
from tests.tables import each_of

PATH = "policies/tests/a.toml"
ROLES = read_roles('[roles]\neditors = ["ada"]')
CASE = """
[[case]]
principal = 'Person::"ada"'
action = "edit"
resource = 'Document::"content/a.md"'
expect = "allow"
"""


def read(text: str) -> tuple[tuple[Case, ...], tuple[Flaw, ...]]:
    return read_cases(PATH, text, ROLES)


def flaw(text: str) -> Flaw:
    cases, (found,) = read(text)
    assert not cases
    return found


def test_a_case_is_one_decision_with_its_place() -> None:
    (case,), flaws = read(f"# first\n{CASE}")
    assert not flaws
    assert (case.line, case.name) == (3, "line 3")
    assert case.principal == Person("ada", ("editors",))
    assert isinstance(case.resource, Document) and case.allowed


def test_lists_are_each_with_each() -> None:
    text = CASE.replace('"edit"', '["edit", "read"]').replace(
        "'Person::\"ada\"'", """['Person::"ada"', 'Visitor::"anonymous"']"""
    )
    assert len(read(text)[0]) == 4


def test_a_file_may_hold_none() -> None:
    assert read("") == ((), ())


@each_of(
    ("text", "line"),
    [
        ("x", 0),
        ("case = 3", 0),
        ("case = [3]", 0),
        ("[[tests]]", 0),
        (CASE.replace('"allow"', '"maybe"'), 2),
        (CASE.replace('expect = "allow"', ""), 2),
        (CASE.replace('action = "edit"', ""), 2),
        (CASE.replace('"edit"', "3"), 2),
        (CASE.replace('"edit"', "[]"), 2),
        (CASE.replace('"edit"', '["edit", 3]'), 2),
        (CASE.replace("Document", "Nothing"), 2),
        (CASE + "attributes = 3", 2),
        (CASE + "attributes = { colour = 'red' }", 2),
        (CASE + "roles = 'editors'", 2),
        (CASE + "more = 1", 2),
        (CASE + f"name = '{'a' * (ID_CHARACTERS + 1)}'", 2),
        (CASE + CASE.replace("expect", "expects"), 8),
        ("a." * 20_000 + "a = 1", 0),
        ("[" * 20_000, 0),
    ],
)
def test_what_is_no_test_is_told_with_its_line(text: str, line: int) -> None:
    found = flaw(text)
    assert (found.path, found.line, found.code) == (PATH, line, "policy.test")


def test_the_number_of_cases_is_bounded_however_they_are_written() -> None:
    def many(number: int) -> str:
        return CASE.replace('"edit"', str(["edit"] * number))

    assert len(read(many(CASES))[0]) == CASES
    assert flaw(many(CASES + 1)).code == "policy.too-large"
    hundred = CASE.replace('"edit"', str(["edit"] * CASES)).replace(
        "'Person::\"ada\"'", str(['Person::"ada"'] * CASES)
    )
    assert flaw(hundred).code == "policy.too-large"


def test_a_case_that_comes_out_otherwise_is_told_with_what_decided() -> None:
    rules = rules_of(
        {"policies/a.cedar": b'@id("no") forbid (principal, action, resource);'},
    )
    (failed,) = failures(read(CASE)[0], rules)
    assert failed.as_json() == {
        **{"path": PATH, "line": 2, "name": "line 2", "principal": 'Person::"ada"'},
        **{"action": "edit", "resource": 'Document::"content/a.md"'},
        **{"expected": "allow", "got": "deny", "reason": "forbidden by policies/a.cedar:no"},
        "policies": ["policies/a.cedar:no"],
    }
    assert failed.flaw().code == "policy.test-failed"
    assert "allow is expected, deny came" in failed.flaw().reason


def test_cases_that_hold_are_not_told() -> None:
    assert failures(read(CASE)[0], rules_of({})) == ()
