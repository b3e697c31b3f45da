"""Decisions: default deny, whatever is asked and however."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.capabilities import cedar_schema
from apps.policy.entities import (
    VISIBILITIES,
    Branch,
    Capability,
    Document,
    Extension,
    Person,
    Policy,
    Secret,
    Site,
    System,
    Visitor,
)
from apps.policy.limits import ROLES, TEXT_CHARACTERS
from apps.policy.rules import VISITOR, Decision, Rules, rules_of

ADA = Person("ada", ("editors",))
EVERYTHING = '@id("all") permit (principal, action, resource);'


def document(**attributes: Any) -> Document:
    given = {"path": "content/a.md", "type": "page", "draft": False, "branch": "main"}
    return Document(**{**given, "visibility": "public", **attributes})


def rules(*policies: str) -> Rules:
    return rules_of({"policies/site.cedar": "\n".join(policies).encode()}, cedar_schema())


OPEN = rules(EVERYTHING)
ONLY_ADA = rules('@id("a") permit (principal == Person::"ada", action, resource);')


def test_a_visitor_reads_what_is_public_and_nothing_else() -> None:
    for visibility in VISIBILITIES:
        got = rules_of({}).decide(VISITOR, "read", document(visibility=visibility))
        assert got.allowed == (visibility == "public")


@given(st.text(max_size=12))
def test_only_the_one_word_is_public(visibility: str) -> None:
    got = rules_of({}).decide(VISITOR, "read", document(visibility=visibility))
    assert got.allowed == (visibility == "public")


def test_a_permission_names_its_policy_with_its_file() -> None:
    name = "policies/site.cedar:all"
    assert rules(EVERYTHING).decide(ADA, "edit", document()) == Decision(True, name, (name,))


def test_a_denial_says_that_nothing_allows_it() -> None:
    got = rules("").decide(ADA, "edit", document())
    assert got == Decision(False, "no policy allows it")


def test_what_is_forbidden_stays_so_whatever_permits_it() -> None:
    got = rules(EVERYTHING, '@id("no") forbid (principal, action, resource);').decide(
        ADA, "edit", document()
    )
    assert (got.allowed, got.reason) == (False, "forbidden by policies/site.cedar:no")


@pytest.mark.parametrize("effect", ["permit", "forbid"])
def test_a_policy_whose_condition_fails_denies_what_another_permits(effect: str) -> None:
    broken = f'@id("b") {effect} (principal, action, resource) when {{ resource.nothing == 1 }};'
    got = rules(EVERYTHING, broken).decide(ADA, "edit", document())
    assert not got.allowed
    assert got.errors and "nothing" in got.reason and "policies/site.cedar:b" in got.reason


def test_a_site_without_policies_has_a_single_author() -> None:
    assert rules_of({}).decide(ADA, "change-policy", Policy("policies/a.cedar")).allowed
    assert rules_of({"content/a.md": b"x"}).decide(ADA, "edit", document()).allowed


def test_a_site_whose_policies_are_empty_permits_nobody() -> None:
    assert not rules("").decide(ADA, "read", document(visibility="private")).allowed
    assert not rules("").decide(ADA, "change-policy", Policy("policies/a.cedar")).allowed


def test_the_shell_may_do_everything_unless_a_policy_forbids_it() -> None:
    shell = System("command")
    assert rules("").decide(shell, "restore", Site("site")).allowed
    no = '@id("no") forbid (principal is System, action == Action::"restore", resource);'
    assert not rules(no).decide(shell, "restore", Site("site")).allowed


@pytest.mark.parametrize("id", ["sync", "task"])
def test_the_system_keeps_the_site_current_and_does_no_more(id: str) -> None:
    system = System(id)
    assert rules("").decide(system, "sync", Branch("main")).allowed
    assert rules("").decide(system, "read-secret", Secret("a.sops.yaml", "key")).allowed
    assert not rules("").decide(system, "change-policy", Policy("policies/a.cedar")).allowed
    assert not rules("").decide(System("root"), "restore", Site("site")).allowed


@pytest.mark.parametrize(
    ("bundled", "granted", "allowed"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_an_extension_may_what_the_lock_grants_or_what_comes_with_the_product(
    bundled: bool, granted: bool, allowed: bool
) -> None:
    plugin = Extension("plugin", "a", bundled)
    asked = Capability("read:site", "plugin:a", granted)
    assert rules("").decide(plugin, "readSite", asked).allowed == allowed
    no = '@id("no") forbid (principal == Extension::"plugin:a", action, resource);'
    assert not rules(no).decide(plugin, "readSite", asked).allowed


def test_what_extensions_may_do_is_unknown_where_their_table_is_not_given() -> None:
    asked = Capability("read:site", "plugin:a", True)
    assert not rules_of({}).decide(Extension("plugin", "a", True), "readSite", asked).allowed


def test_roles_are_those_of_the_site() -> None:
    files = {
        "policies/site.cedar": b'@id("e") permit (principal in Role::"editors", action, resource);',
        "policies/roles.toml": b'[roles]\neditors = ["ada"]\n',
    }
    made = rules_of(files)
    assert made.person("ada") == ADA
    assert made.decide(made.person("ada"), "edit", document()).allowed
    assert not made.decide(made.person("eve"), "edit", document()).allowed


def test_whoever_asks_about_themselves_is_not_more_by_it() -> None:
    made = rules('@id("e") permit (principal, action, resource in Role::"editors");')
    asked = Person("eve", ("editors",))
    assert not made.decide(Person("eve"), "manage-people", asked).allowed
    assert rules(EVERYTHING).decide(ADA, "manage-people", Person("ada")).allowed


@pytest.mark.parametrize("action", ["fly", "Read", "", "read ", 'x"', "read\n", None, 3, ["read"]])
def test_an_unknown_action_is_denied_whatever_is_permitted(action: Any) -> None:
    got = rules(EVERYTHING).decide(System("command"), action, document())
    assert not got.allowed and "no action" in got.reason


def test_an_action_is_not_for_other_kinds_than_its_own() -> None:
    everything = rules(EVERYTHING)
    assert not everything.decide(VISITOR, "edit", document()).allowed
    assert not everything.decide(ADA, "edit", Site("site")).allowed
    assert not everything.decide(Extension("plugin", "a", True), "read", document()).allowed
    assert not everything.decide(
        Extension("plugin", "a", True), "read-secret", Secret("a", "b")
    ).allowed


MALFORMED: list[Any] = [
    *(None, 3, "ada", b"ada", {}, {"uid": {"type": "Person", "id": "ada"}}, object(), Person),
    *(Person(""), Person(None), Person(3), Person(["ada"]), Person({"a": []})),  # type: ignore[arg-type]
    *(Person("ada", ["editors"]), Person("ada", (None,)), Person("ada", ("x" * 5000,))),  # type: ignore[arg-type]
    *(Person("a" * (TEXT_CHARACTERS + 1)), Person("\ud800"), Visitor(""), System(True)),  # type: ignore[arg-type]
    *(Extension("plugin", "a", "yes"), Extension("plugin", "a", None)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("principal", MALFORMED, ids=range(len(MALFORMED)))
def test_a_principal_that_is_none_is_denied_with_a_reason(principal: Any) -> None:
    for action, resource in (("read", document()), ("change-policy", Policy("policies/a.cedar"))):
        got = rules(EVERYTHING).decide(principal, action, resource)
        assert not got.allowed and got.reason and got.errors


@pytest.mark.parametrize(
    "resource",
    [
        *MALFORMED,
        *(document(visibility=None), document(visibility=1), document(visibility=["public"])),
        *(document(draft=None), document(draft=1), document(draft="true"), document(draft={})),
        *(document(path=None), document(path=""), document(path=3), document(path="\udfff")),
        *(document(path="x" * (TEXT_CHARACTERS + 1)), document(branch=("main",))),
        document(type="x" * (TEXT_CHARACTERS + 1)),
    ],
    ids=map(str, range(100)),
)
def test_a_resource_that_is_none_is_denied_with_a_reason(resource: Any) -> None:
    got = rules(EVERYTHING).decide(ADA, "edit", resource)
    assert not got.allowed and got.reason and got.errors


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_nothing_but_entities_is_ever_allowed(who: Any, action: Any, what: Any) -> None:
    for asked in ((who, "edit", document()), (ADA, action, document()), (ADA, "edit", what)):
        got = OPEN.decide(*asked)
        assert got.reason and not got.allowed


@settings(max_examples=60)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_an_entity_of_whatever_values_is_denied_or_well_formed(
    id: Any, roles: Any, draft: Any, path: Any
) -> None:
    got = OPEN.decide(Person(id, roles), "edit", document(draft=draft, path=path))
    assert got.reason
    if got.allowed:
        assert type(id) is str and type(path) is str and type(draft) is bool
        assert type(roles) is tuple and all(type(role) is str for role in roles)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_names_mean_themselves_whatever_is_in_them(id: str, path: str) -> None:
    assert ONLY_ADA.decide(Person(id), "edit", document(path=path)).allowed == (id == "ada")


def test_values_that_nest_deep_are_denied() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert not rules(EVERYTHING).decide(Person("a", (deep,)), "edit", document()).allowed
    assert not rules(EVERYTHING).decide(ADA, "edit", document(visibility=deep)).allowed
    within: Any = ()
    for _ in range(100_000):
        within = (within,)
    assert not rules(EVERYTHING).decide(Person("a", within), "edit", document()).allowed


def test_nobody_has_more_roles_than_there_can_be() -> None:
    roles = tuple(f"role{number}" for number in range(ROLES))
    assert rules(EVERYTHING).decide(Person("a", roles), "edit", document()).allowed
    assert not rules(EVERYTHING).decide(Person("a", (*roles, "x")), "edit", document()).allowed


@pytest.mark.parametrize(
    "text",
    [
        "permit",
        "permit (principal, action, resource",
        "\0",
        "{}",
        "(" * 5000,
        '@id("a")',
        "\ufeff;",
    ],
)
def test_policies_that_cannot_be_read_deny_everything_to_everybody(text: str) -> None:
    made = rules(EVERYTHING, text)
    assert made.flaws
    for principal in (ADA, VISITOR, System("command")):
        got = made.decide(principal, "read", document())
        assert not got.allowed and "cannot be used" in got.reason


def test_files_that_are_no_text_or_no_roles_deny_everything() -> None:
    for files in (
        {"policies/a.cedar": b"\xff"},
        {"policies/roles.toml": b"[roles]\neditors = 3"},
        {"policies/a/b.cedar": EVERYTHING.encode()},
    ):
        assert not rules_of(files).decide(System("command"), "read", document()).allowed
