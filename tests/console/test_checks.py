"""What would weaken the console's door is an error with an id, and says what to do."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, run_checks
from django.test import override_settings

from apps.console.bounds import PASSWORD_LEAST, SESSION_SECONDS
from apps.console.checks import ALL, AUTHENTICATION, BOUNDS, LENGTH
from tests import docs

MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != BOUNDS]
FIRST = [BOUNDS, *MIDDLEWARE]
SHORT = [{"NAME": LENGTH, "OPTIONS": {"min_length": PASSWORD_LEAST - 1}}]
NOT_COMMON = [{"NAME": LENGTH, "OPTIONS": {"min_length": PASSWORD_LEAST}}]
WEAK: list[tuple[dict[str, Any], str]] = [
    ({"AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"]}, "console.E001"),
    (
        {"AUTHENTICATION_BACKENDS": [*settings.AUTHENTICATION_BACKENDS, "other.Backend"]},
        "console.E001",
    ),
    ({"MIDDLEWARE": MIDDLEWARE}, "console.E002"),
    ({"MIDDLEWARE": FIRST}, "console.E002"),
    ({"SESSION_COOKIE_AGE": SESSION_SECONDS + 1}, "console.E003"),
    ({"SESSION_COOKIE_SAMESITE": "Lax"}, "console.E004"),
    ({"CSRF_COOKIE_SAMESITE": "None"}, "console.E004"),
    ({"SESSION_COOKIE_HTTPONLY": False}, "console.E005"),
    ({"CSRF_COOKIE_HTTPONLY": False}, "console.E005"),
    (
        {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]},
        "console.E006",
    ),
    ({"AUTH_PASSWORD_VALIDATORS": SHORT}, "console.E007"),
    ({"AUTH_PASSWORD_VALIDATORS": NOT_COMMON}, "console.E007"),
    ({"ALLOWED_HOSTS": ["localhost", "example.org"]}, "console.W001"),
]


def found() -> list[CheckMessage]:
    return [message for check in ALL for message in check()]


def test_as_it_comes_nothing_is_weak() -> None:
    assert found() == []
    assert [m for m in run_checks() if str(m.id).startswith("console.")] == []


@pytest.mark.parametrize(("weak", "id"), WEAK, ids=lambda each: str(each)[:60])
def test_a_weak_setting_is_told_with_its_remedy(weak: dict[str, Any], id: str) -> None:
    with override_settings(**weak):
        (message,) = found()
        assert message in run_checks()
    assert message.id == id
    assert any(name in str(message.hint) for name in weak) or "https" in str(message.hint)


def test_with_https_any_name_will_do() -> None:
    with override_settings(ALLOWED_HOSTS=["example.org"], SESSION_COOKIE_SECURE=True):
        assert found() == []


def test_a_page_that_policy_knows_nothing_of_is_told() -> None:
    admin.site.register(Group)
    try:
        (message,) = found()
    finally:
        admin.site.unregister(Group)
    assert (message.id, "auth.Group" in message.msg) == ("console.E008", True)


def test_the_order_that_is_asked_for_is_the_one_there_is() -> None:
    places = [settings.MIDDLEWARE.index(each) for each in (AUTHENTICATION, BOUNDS)]
    assert places == sorted(places)


def test_every_check_is_told_in_the_documentation() -> None:
    told = docs.first_codes(docs.table("people.md", "Checks"))
    assert set(told) == {id for _, id in WEAK} | {"console.E008"}
