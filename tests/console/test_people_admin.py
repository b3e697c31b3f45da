"""The page of accounts: what policy allows is done and told, anything else is only told."""

import pytest

from apps.console import asking, people
from apps.console.models import Account
from tests.console.stage import EVERYBODY, PASSWORD, Stage, account, browser, logged_in, may

LIST = "/admin/console/account/"
ADA, BOB = 'Person::"ada"', 'Person::"bob"'
MANAGE = "manage-people"
NEW = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
NOT_BOB = '@id("not-bob") forbid (principal, action, resource == Person::"bob");'


def page(person: Account, part: str = "change/") -> str:
    return f"{LIST}{person.pk}/{part}"


def managed(stage: Stage) -> list[tuple[str, str, str, str]]:
    return [row for row in stage.audit() if row[1] == MANAGE]


def test_accounts_are_listed_without_a_way_to_delete_them(stage: Stage) -> None:
    account(), account("bob")
    client = logged_in()
    shown = client.get(LIST).content.decode()
    assert "bob" in shown and "delete" not in shown.lower()
    bob = Account.objects.get(username="bob")
    assert client.post(page(bob, "delete/"), {"post": "yes"}).status_code == 403
    assert Account.objects.filter(pk=bob.pk).exists()


def test_an_account_is_added_and_can_log_in(stage: Stage) -> None:
    account()
    assert logged_in().post(f"{LIST}add/", NEW).status_code == 302
    eve = Account.objects.get(username="eve")
    assert (eve.is_staff, eve.is_superuser) == (True, False)
    assert managed(stage) == [(ADA, MANAGE, 'Person::"eve"', "allow")]
    logged_in("eve")


def test_flags_that_nobody_asked_about_are_not_taken(stage: Stage) -> None:
    account()
    client = logged_in()
    client.post(f"{LIST}add/", {**NEW, "is_superuser": "on", "groups": "1"})
    bob = account("bob")
    form = {"is_active": "on", "is_superuser": "on", "username": "root", "password": "x"}
    client.post(page(bob), form)
    after = Account.objects.get(pk=bob.pk)
    assert (after.username, after.is_superuser, after.password) == ("bob", False, bob.password)
    assert not Account.objects.get(username="eve").is_superuser


def test_disabling_ends_the_sessions(stage: Stage) -> None:
    account(), account("bob")
    bobs = logged_in("bob")
    bob = Account.objects.get(username="bob")
    assert logged_in().post(page(bob), {}).status_code == 302
    assert bobs.get("/admin/").status_code == 302
    assert managed(stage) == [(ADA, MANAGE, BOB, "allow")]


def test_another_password_is_set_and_told(stage: Stage) -> None:
    account(), account("bob")
    bobs, new = logged_in("bob"), PASSWORD + "!"
    bob = Account.objects.get(username="bob")
    form = {"password1": new, "password2": new, "set-password": "1"}
    assert logged_in().post(page(bob, "password/"), form).status_code == 302
    assert Account.objects.get(pk=bob.pk).check_password(new)
    assert bobs.get("/admin/").status_code == 302
    assert managed(stage) == [(ADA, MANAGE, BOB, "allow")]


def test_a_password_cannot_be_taken_away(stage: Stage) -> None:
    account(), account("bob")
    bob = Account.objects.get(username="bob")
    form = {"usable_password": "false", "unset-password": "1"}
    logged_in().post(page(bob, "password/"), form)
    assert Account.objects.get(pk=bob.pk).has_usable_password()


@pytest.mark.parametrize("part", ["change/", "password/"])
def test_what_policy_keeps_from_one_is_refused_and_told(stage: Stage, part: str) -> None:
    stage.govern(EVERYBODY, NOT_BOB)
    account(), account("bob")
    bob = Account.objects.get(username="bob")
    new = PASSWORD + "!"
    form = {"password1": new, "password2": new, "set-password": "1"}
    assert logged_in().post(page(bob, part), form).status_code == 403
    after = Account.objects.get(pk=bob.pk)
    assert (after.is_active, after.password) == (True, bob.password)
    assert managed(stage) == [(ADA, MANAGE, BOB, "deny")]


def test_who_may_not_manage_people_is_shown_none(stage: Stage) -> None:
    stage.govern(may("principal is Person", "preview"))
    account()
    client = logged_in()
    assert LIST not in client.get("/admin/").content.decode()
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}add/", NEW).status_code == 403
    assert not Account.objects.filter(username="eve").exists()
    assert managed(stage) == [(ADA, MANAGE, 'Person::"*"', "deny")]


def test_passwords_cannot_be_searched_by_their_hashes(stage: Stage) -> None:
    account()
    assert logged_in().get(f"{LIST}?password__startswith=argon2").status_code in (302, 400)


def test_a_name_that_is_no_name_is_not_given_here_either(stage: Stage) -> None:
    account()
    said = logged_in().post(f"{LIST}add/", {**NEW, "username": "\u0430da"})
    assert "is no name for an account" in said.content.decode()


def test_nobody_gets_there_without_logging_in(stage: Stage) -> None:
    account()
    assert browser().get(LIST)["Location"].startswith(stage.door)
    people.set_active(asking.COMMAND, "ada", active=False)
    assert stage.knock("ada", PASSWORD).status_code == 200
