"""The door says the same to everybody who is not let in, counts them, and tells the audit."""

import re

import pytest
from django.db import connection

from apps.console import asking, people
from apps.console.bounds import ACCOUNT_ATTEMPTS, ADDRESS_ATTEMPTS, ATTEMPT_SECONDS, PASSWORD_MOST
from apps.policy.models import AuditEvent
from tests.console.stage import ELSEWHERE, PASSWORD, Stage, account, browser, logged_in

ADA, UNKNOWN = 'Person::"ada"', 'Person::"?"'
TOKEN = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|value="[^"]*"')
WRONG = "wrong" * 4


def plain(page: str) -> str:
    return TOKEN.sub("", page)


def test_who_has_the_password_gets_in_and_the_audit_knows(stage: Stage) -> None:
    account()
    assert logged_in().get("/admin/").status_code == 200
    assert stage.audit() == [(ADA, "log-in", ADA, "allow")]
    row = AuditEvent.objects.latest("id")
    assert (row.reason, row.commit) == ("from 127.0.0.1", "commit-1")
    assert row.request_id


def test_nobody_learns_which_accounts_there_are(stage: Stage) -> None:
    account(), account("off", is_active=False), account("guest", is_staff=False)
    names = ("ada", "off", "guest", "nobody")
    answers = [stage.knock(name, WRONG, f"203.0.113.{at}") for at, name in enumerate(names)]
    right = [stage.knock(name, PASSWORD, ELSEWHERE) for name in ("off", "guest")]
    pages = {(each.status_code, plain(each.content.decode())) for each in [*answers, *right]}
    assert len(pages) == 1
    (code, said) = pages.pop()
    assert code == 200 and "Name or password are not right" in said


def test_a_refusal_is_told_without_the_password(stage: Stage) -> None:
    account()
    stage.knock("ada", WRONG)
    stage.knock("my secret password", WRONG)
    assert stage.audit() == [(who, "log-in", who, "deny") for who in (ADA, UNKNOWN)]
    left = ACCOUNT_ATTEMPTS - 1
    assert stage.reasons() == [f"name or password not right; {left} attempts left"] * 2
    rows = repr(list(AuditEvent.objects.values()))
    assert WRONG not in rows and "my secret" not in rows


def test_a_name_is_told_in_plain(stage: Stage) -> None:
    account("a\u202eda\n")
    stage.knock("a\u202eda\n", WRONG)
    (row,) = stage.audit()
    assert row[0].isprintable()


def test_after_so_many_attempts_even_the_right_password_has_to_wait(stage: Stage) -> None:
    account()
    for at in range(ACCOUNT_ATTEMPTS):
        assert stage.knock("ada", WRONG, f"203.0.113.{at}").status_code == 200
    answer = stage.knock("ada", PASSWORD)
    assert answer.status_code == 429
    assert ATTEMPT_SECONDS - 30 < int(answer["Retry-After"]) <= ATTEMPT_SECONDS
    assert "no-store" in answer["Cache-Control"]
    said = answer.content.decode()
    assert re.search(r"Try again in 15 minutes, at\s+<time datetime=", said)
    assert "people enable NAME" in said
    assert {row[3] for row in stage.audit()} == {"deny"}


def test_an_account_that_there_is_not_has_to_wait_in_the_same_way(stage: Stage) -> None:
    account()
    pages = set()
    for name, address in (("ada", "203.0.113.1"), ("nobody", "203.0.113.2")):
        answers = [stage.knock(name, WRONG, address) for _ in range(ACCOUNT_ATTEMPTS + 1)]
        assert [each.status_code for each in answers] == [200] * ACCOUNT_ATTEMPTS + [429]
        pages.add(re.sub(r"\d+", "", plain(answers[-1].content.decode())))
    assert len(pages) == 1


def test_one_address_can_try_only_so_many_names(stage: Stage) -> None:
    account()
    answers = [stage.knock(f"name-{at}", WRONG, ELSEWHERE) for at in range(ADDRESS_ATTEMPTS)]
    assert {each.status_code for each in answers} == {200}
    assert stage.knock("ada", PASSWORD, ELSEWHERE).status_code == 429
    assert stage.knock("ada", PASSWORD).status_code == 302


def test_an_address_is_not_what_a_header_says(stage: Stage) -> None:
    account()
    for at in range(ADDRESS_ATTEMPTS):
        client = browser(ELSEWHERE)
        form = {"username": f"name-{at}", "password": WRONG}
        client.post(stage.door, form, headers={"x-forwarded-for": f"203.0.113.{at}"})
    assert stage.knock("ada", PASSWORD, ELSEWHERE).status_code == 429


def test_a_success_begins_the_count_anew(stage: Stage) -> None:
    account()
    for _ in range(2):
        for _ in range(ACCOUNT_ATTEMPTS - 1):
            assert stage.knock("ada", WRONG).status_code == 200
        assert stage.knock("ada", PASSWORD).status_code == 302


def test_the_machines_shell_ends_the_waiting(stage: Stage) -> None:
    account()
    for _ in range(ACCOUNT_ATTEMPTS + 1):
        stage.knock("ada", WRONG)
    people.set_active(asking.COMMAND, "ada", active=True)
    assert stage.knock("ada", PASSWORD).status_code == 302


def test_who_is_in_stays_in_meanwhile(stage: Stage) -> None:
    account()
    inside = logged_in()
    for _ in range(ACCOUNT_ATTEMPTS + 1):
        stage.knock("ada", WRONG)
    assert inside.get("/admin/").status_code == 200


def test_guessing_the_old_password_of_an_open_session_is_counted_and_told(stage: Stage) -> None:
    account()
    client = logged_in()
    new = PASSWORD + "!"
    form = {"old_password": WRONG, "new_password1": new, "new_password2": new}
    codes = [
        client.post("/admin/password_change/", form).status_code
        for _ in range(ACCOUNT_ATTEMPTS + 1)
    ]
    assert codes == [200] * ACCOUNT_ATTEMPTS + [429]
    assert (ADA, "change-password", ADA, "deny") in stage.audit()


def test_a_password_that_is_too_long_is_not_hashed(stage: Stage) -> None:
    account()
    answer = stage.knock("ada", "x" * (PASSWORD_MOST + 1))
    assert answer.status_code == 200 and "at most 1024 characters" in answer.content.decode()


@pytest.mark.parametrize("field", ["username", "password"])
def test_a_null_byte_is_no_error_of_ours(stage: Stage, field: str) -> None:
    account()
    form = {"username": "ada", "password": WRONG, field: "a\x00b"}
    assert browser().post(stage.door, form).status_code == 200


def test_a_login_needs_the_pages_own_token(stage: Stage) -> None:
    account()
    form = {"username": "ada", "password": PASSWORD}
    assert browser(enforce_csrf_checks=True).post(stage.door, form).status_code == 403


def test_when_attempts_cannot_be_counted_nobody_gets_in(stage: Stage) -> None:
    account()
    client = browser()
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE console_attempt RENAME TO away")
        try:
            answer = client.post(stage.door, {"username": "ada", "password": PASSWORD})
        finally:
            cursor.execute("ALTER TABLE away RENAME TO console_attempt")
    assert answer.status_code == 500
    assert client.get("/admin/").status_code == 302


def test_the_page_after_the_login_is_of_this_site(stage: Stage) -> None:
    account()
    form = {"username": "ada", "password": PASSWORD, "next": "https://evil.example/"}
    assert browser().post(stage.door, form)["Location"] == "/admin/"
