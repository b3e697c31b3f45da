"""Giving, changing and taking away an account: policy is asked, and the audit is told."""

import pytest
from django.db import transaction

from apps.console import asking, people
from apps.console.bounds import NAME_CHARACTERS, PASSWORD_LEAST, PASSWORD_MOST
from apps.console.models import Account
from apps.console.people import NotAllowed, PeopleError, UnknownPerson
from apps.policy.entities import Person, Visitor
from tests.console.stage import EVERYBODY, NOBODY, PASSWORD, Stage, account

SHELL, ADA, BOB = 'System::"command"', 'Person::"ada"', 'Person::"bob"'
MANAGE = "manage-people"
CLOSED = '@id("closed") forbid (principal, action == Action::"manage-people", resource);'


def test_an_account_may_log_in_and_is_no_superuser(stage: Stage) -> None:
    people.add(asking.COMMAND, "ada", PASSWORD, by=" by root")
    ada = Account.objects.get(username="ada")
    assert (ada.is_active, ada.is_staff, ada.is_superuser) == (True, True, False)
    assert ada.check_password(PASSWORD) and PASSWORD not in ada.password
    assert stage.audit() == [(SHELL, MANAGE, ADA, "allow")]
    assert stage.reasons()[0].startswith("account added by root: base:")


@pytest.mark.parametrize(
    "name",
    ["", " ", "ada ", "a da", "ada\n", "\u0430da", "ada\u202e", 'a"b', "x" * (NAME_CHARACTERS + 1)],
)
def test_a_name_that_looks_like_another_is_no_name(stage: Stage, name: str) -> None:
    with pytest.raises(PeopleError, match="is no name for an account"):
        people.add(asking.COMMAND, name, PASSWORD)
    assert not Account.objects.exists()


@pytest.mark.parametrize("name", ["a", "ada.l+1@example.org", "x" * NAME_CHARACTERS])
def test_names_as_signatures_have_them_will_do(stage: Stage, name: str) -> None:
    people.add(asking.COMMAND, name, PASSWORD)
    assert Account.objects.filter(username=name).exists()


@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_a_name_is_given_once_whatever_its_case(stage: Stage, name: str) -> None:
    account()
    with pytest.raises(PeopleError, match="is taken"):
        people.add(asking.COMMAND, name, PASSWORD)
    assert stage.audit() == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("k7Xq!pz9Lw2"[: PASSWORD_LEAST - 1], "too short"),
        ("password1234", "too common"),
        ("grace.hopper.1", "too similar"),
        ("8274620174629", "entirely numeric"),
        ("x" * (PASSWORD_MOST + 1), "1024 characters at most"),
    ],
)
def test_a_password_that_is_easily_found_is_refused(stage: Stage, password: str, said: str) -> None:
    with pytest.raises(PeopleError, match=said):
        people.add(asking.COMMAND, "grace.hopper", password)


@pytest.mark.parametrize("password", ["k7Xq!pz9Lw2r", "k7" * (PASSWORD_MOST // 2)])
def test_a_password_may_be_as_short_and_as_long_as_that(stage: Stage, password: str) -> None:
    people.add(asking.COMMAND, "ada", password)


def test_everybody_is_listed_with_what_they_may(stage: Stage) -> None:
    account(), account("bob", is_active=False)
    found = people.everybody(asking.COMMAND)
    assert [(each.name, each.active) for each in found] == [("ada", True), ("bob", False)]
    assert stage.audit() == [(SHELL, MANAGE, 'Person::"*"', "allow")]


def test_what_is_so_already_is_said(stage: Stage) -> None:
    account()
    said = [people.set_active(asking.COMMAND, "ada", active=on) for on in (True, False, False)]
    assert said == [False, True, False]


def test_nobody_is_changed_who_is_not_there(stage: Stage) -> None:
    with pytest.raises(UnknownPerson, match="people list"):
        people.set_active(asking.COMMAND, "bob", active=False)
    with pytest.raises(UnknownPerson):
        people.set_password(asking.COMMAND, "bob", PASSWORD)


def test_who_policy_does_not_allow_changes_nobody_and_is_told(stage: Stage) -> None:
    stage.govern(NOBODY)
    before = account().password
    for act in (
        lambda: people.add(Person("ada"), "bob", PASSWORD),
        lambda: people.set_active(Person("ada"), "bob", active=False),
        lambda: people.set_password(Person("ada"), "bob", PASSWORD + "!"),
    ):
        with pytest.raises(NotAllowed, match="no policy allows it"):
            act()
    with pytest.raises(NotAllowed):
        people.everybody(Visitor())
    assert {row[3] for row in stage.audit()} == {"deny"} and len(stage.audit()) == 4
    assert Account.objects.get().password == before


def test_policy_can_close_it_to_the_shell_as_well(stage: Stage) -> None:
    stage.govern(EVERYBODY, CLOSED)
    with pytest.raises(NotAllowed, match=r"forbidden by policies/a\.cedar:closed"):
        people.add(asking.COMMAND, "ada", PASSWORD)
    assert stage.audit() == [(SHELL, MANAGE, ADA, "deny")]


def test_a_change_that_is_taken_back_leaves_no_record_of_having_been(stage: Stage) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        people.add(asking.COMMAND, "ada", PASSWORD)
        raise RuntimeError
    assert not Account.objects.exists() and stage.audit() == []


def test_the_first_is_first_once(stage: Stage) -> None:
    for at, name in enumerate(("ada", "bob")):
        made = Account(username=name)
        made.set_password(PASSWORD)
        if at == 0:
            people.add_prepared(asking.COMMAND, made, first=True)
            continue
        with pytest.raises(PeopleError, match="somebody was first"):
            people.add_prepared(asking.COMMAND, made, first=True)
    assert [each.username for each in Account.objects.all()] == ["ada"]
