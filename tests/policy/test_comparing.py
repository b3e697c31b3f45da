"""Which decisions flip between two sets of rules, and whether somebody can change them back."""

from apps.policy.bundled import sample
from apps.policy.comparing import Row, compare, every_row, lockout
from apps.policy.entities import Branch, Document, Person, Visitor
from apps.policy.rules import rules_of

TEAM = rules_of(sample("team"))
DOCUMENT = Document(
    path="content/a.md", type="page", draft=False, visibility="public", branch="main"
)


def test_equal_rules_flip_nothing() -> None:
    rows = every_row([TEAM.person("grace"), Visitor()], [DOCUMENT, Branch("main")])
    assert list(compare(TEAM, rules_of(sample("team")), rows)) == []


def test_rows_are_all_that_can_be_asked() -> None:
    asked = {
        (row.principal.kind, row.action)
        for row in every_row([Person("a"), Visitor()], [DOCUMENT, Branch("main")])
    }
    assert asked == {
        *(("Person", name) for name in ("read", "preview", "edit")),
        *(("Person", name) for name in ("publish", "merge", "sync", "promote")),
        ("Visitor", "read"),
    }


def test_a_flip_tells_both_decisions() -> None:
    fewer = TEAM.without("policies/team.cedar:editors-write")
    rows = every_row([Person("grace"), Person("ada")], [DOCUMENT])
    found = {(flip.row.principal.key, flip.row.action): flip for flip in compare(TEAM, fewer, rows)}
    assert found.keys() == {("grace", "preview"), ("grace", "edit")}
    flip = found["grace", "edit"]
    assert flip.before.policies == ("policies/team.cedar:editors-write",)
    assert not flip.after.allowed


def test_a_change_of_roles_alone_flips_too() -> None:
    files = {**sample("team")}
    files["policies/roles.toml"] = files["policies/roles.toml"].replace(b'"linus"', b'"eve"')
    rows = [Row(Person(id), "edit", DOCUMENT) for id in ("eve", "grace", "linus")]
    flips = [
        (flip.row.principal.key, flip.after.allowed)
        for flip in compare(TEAM, rules_of(files), rows)
    ]
    assert flips == [("eve", True), ("linus", False)]


def test_whoever_can_change_policy_is_told() -> None:
    found = lockout(TEAM, ["mallory"])
    assert (found.able, found.closed, found.shell) == (("ada",), (), True)
    assert not found.is_complete


def test_nobody_is_left_when_the_last_administrator_goes() -> None:
    files = {**sample("team")}
    files["policies/roles.toml"] = files["policies/roles.toml"].replace(b'"ada"', b"")
    found = lockout(rules_of(files), ["grace", "mallory"])
    assert found.is_complete and found.shell
    assert found.closed == ("policies/roles.toml", "policies/team.cedar")


def test_an_account_is_enough_where_there_are_no_policies() -> None:
    assert lockout(rules_of({}), ["ada"]).able == ("ada",)
    assert lockout(rules_of({}), []).is_complete


def test_a_file_that_nobody_may_change_is_told() -> None:
    text = (
        '@id("a") permit (principal is Person, action, resource);'
        '@id("b") forbid (principal, action, resource == Policy::"policies/a.cedar");'
    )
    found = lockout(rules_of({"policies/a.cedar": text.encode()}), ["ada"])
    assert (found.able, found.closed, found.shell) == (("ada",), ("policies/a.cedar",), False)
