"""A session ends when it is not used, when it is old, and when its account changes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from apps.console import asking, people
from apps.console.bounds import IDLE_SECONDS, SEEN_SECONDS, SESSION_SECONDS
from apps.console.sessions import begin, is_over, keep
from tests.console.stage import PASSWORD, Stage, account, browser, logged_in

FRONT = "/admin/"


def made(began: float, seen: float | None = None) -> dict[str, Any]:
    return {"began": began, "seen": began if seen is None else seen}


def is_in(client: Client) -> bool:
    return bool(client.get(FRONT).status_code == 200)


def move(client: Client, **seconds: float) -> None:
    session = client.session
    for key, by in seconds.items():
        session[key] -= by
    session.save()


def test_a_session_that_is_not_used_is_over_after_so_long_and_not_before() -> None:
    assert not is_over(made(0.0), IDLE_SECONDS - 0.001)
    assert is_over(made(0.0), IDLE_SECONDS)


def test_a_session_that_is_used_is_over_after_so_long_and_not_before() -> None:
    assert not is_over(made(0.0, SESSION_SECONDS - 1.0), SESSION_SECONDS - 0.001)
    assert is_over(made(0.0, SESSION_SECONDS - 1.0), SESSION_SECONDS)


@pytest.mark.parametrize(
    "values", [{}, {"began": 5.0}, {"began": "5", "seen": 5.0}, made(6.0), made(0.0, 6.0)]
)
def test_a_session_that_says_nothing_or_nonsense_of_its_time_is_over(values: Any) -> None:
    assert is_over(values, 5.0)


def test_its_use_is_written_down_now_and_then() -> None:
    values: dict[str, Any] = {}
    begin(values, 0.0)
    keep(values, SEEN_SECONDS - 0.001)
    assert values == made(0.0)
    keep(values, float(SEEN_SECONDS))
    assert values == made(0.0, float(SEEN_SECONDS))


def test_a_login_makes_a_session_of_its_own(stage: Stage) -> None:
    account()
    client = browser()
    planted = client.session
    planted["kept"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key or ""
    client.post(stage.door, {"username": "ada", "password": PASSWORD})
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


@pytest.mark.parametrize("moved", [{"seen": IDLE_SECONDS}, {"began": SESSION_SECONDS}])
def test_who_comes_back_too_late_has_to_log_in(stage: Stage, moved: dict[str, float]) -> None:
    account()
    client = logged_in()
    assert is_in(client)
    key = client.session.session_key
    move(client, **moved)
    assert not is_in(client)
    assert SESSION_KEY not in client.session
    assert not Session.objects.filter(session_key=key).exists()


def test_disabling_an_account_ends_its_sessions_for_good(stage: Stage) -> None:
    account(), account("bob")
    ada, bob = logged_in(), logged_in("bob")
    people.set_active(asking.COMMAND, "ada", active=False)
    assert not is_in(ada) and is_in(bob)
    people.set_active(asking.COMMAND, "ada", active=True)
    assert not is_in(ada)


def test_a_new_password_ends_all_sessions(stage: Stage) -> None:
    account()
    clients = [logged_in(), logged_in()]
    people.set_password(asking.COMMAND, "ada", PASSWORD + "!")
    assert not any(map(is_in, clients))


def test_changing_ones_own_password_ends_the_other_sessions(stage: Stage) -> None:
    account()
    here, elsewhere = logged_in(), logged_in()
    new = PASSWORD + "!"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", form).status_code == 302
    assert is_in(here) and not is_in(elsewhere)


def test_a_login_removes_the_sessions_that_ended_by_themselves(stage: Stage) -> None:
    account()
    old = Session.objects.create(session_key="old", expire_date=datetime(2026, 1, 1, tzinfo=UTC))
    logged_in()
    assert not Session.objects.filter(pk=old.pk).exists()
    assert Session.objects.count() == 1


def test_the_cookies_are_for_the_console_alone(stage: Stage) -> None:
    account()
    client = logged_in()
    client.get("/admin/password_change/")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["path"], cookie["samesite"]) == ("/admin/", "Strict"), name
        assert cookie["httponly"], name
    assert not client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
