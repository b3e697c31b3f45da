"""System checks: what would weaken the console's door is told at every start of a command."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from apps.console.bounds import PASSWORD_LEAST, SESSION_SECONDS
from apps.console.permissions import ACTIONS

BACKENDS: Final = ["apps.console.backend.PolicyBackend"]
BOUNDS: Final = "apps.console.sessions.SessionBounds"
AUTHENTICATION: Final = "django.contrib.auth.middleware.AuthenticationMiddleware"
ARGON2: Final = "django.contrib.auth.hashers.Argon2PasswordHasher"
LENGTH: Final = "django.contrib.auth.password_validation.MinimumLengthValidator"
COMMON: Final = "django.contrib.auth.password_validation.CommonPasswordValidator"
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
Found = Iterable[CheckMessage]


def backends(**_: Any) -> Found:
    if list(settings.AUTHENTICATION_BACKENDS) != BACKENDS:
        yield Error(
            "Another backend than policy's says who may do what.",
            hint=f"Set AUTHENTICATION_BACKENDS to {BACKENDS}.",
            id="console.E001",
        )


def sessions(**_: Any) -> Found:
    middleware = list(settings.MIDDLEWARE)
    places = [middleware.index(each) for each in (AUTHENTICATION, BOUNDS) if each in middleware]
    if len(places) < 2 or places != sorted(places):
        yield Error(
            "Sessions have no end.",
            hint=f"Put {BOUNDS} behind {AUTHENTICATION} in MIDDLEWARE.",
            id="console.E002",
        )
    if settings.SESSION_COOKIE_AGE > SESSION_SECONDS:
        yield Error(
            "The cookie of a session outlives the session.",
            hint=f"Set SESSION_COOKIE_AGE to {SESSION_SECONDS} at most.",
            id="console.E003",
        )


def cookies(**_: Any) -> Found:
    kinds = ("SESSION_COOKIE", "CSRF_COOKIE")
    if any(getattr(settings, f"{kind}_SAMESITE") != "Strict" for kind in kinds):
        yield Error(
            "Other sites can send the console's cookies.",
            hint="Set SESSION_COOKIE_SAMESITE and CSRF_COOKIE_SAMESITE to 'Strict'.",
            id="console.E004",
        )
    if not all(getattr(settings, f"{kind}_HTTPONLY") for kind in kinds):
        yield Error(
            "Scripts can read the console's cookies.",
            hint="Set SESSION_COOKIE_HTTPONLY and CSRF_COOKIE_HTTPONLY to True.",
            id="console.E005",
        )


def passwords(**_: Any) -> Found:
    if list(settings.PASSWORD_HASHERS)[:1] != [ARGON2]:
        yield Error(
            "Passwords are not kept with Argon2.",
            hint=f"Put {ARGON2} first in PASSWORD_HASHERS.",
            id="console.E006",
        )
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    asked = {each["NAME"]: each.get("OPTIONS", {}) for each in validators}
    if asked.get(LENGTH, {}).get("min_length", 0) < PASSWORD_LEAST or COMMON not in asked:
        yield Error(
            "Passwords may be short or common.",
            hint=f"AUTH_PASSWORD_VALIDATORS: min_length {PASSWORD_LEAST}, and {COMMON}.",
            id="console.E007",
        )


def pages(**_: Any) -> Found:
    """Of the admin: a model without an action of policy would never be shown, and one that it is
    dangerous to edit must not be there."""
    known = {name.partition(".")[0] + "." + name.rpartition("_")[2] for name in ACTIONS}
    for model in admin.site._registry:
        if model._meta.label_lower not in known:
            yield Error(
                f"The console has a page for {model._meta.label}, and policy no action.",
                hint="Name one in apps.console.permissions, or unregister the page.",
                id="console.E008",
            )


def transport(**_: Any) -> Found:
    if not settings.SESSION_COOKIE_SECURE and not set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield Warning(
            "The console answers under other names than this machine's, without HTTPS.",
            hint="Set https = true, or leave hosts to their default.",
            id="console.W001",
        )


ALL: Final[tuple[Callable[..., Found], ...]] = (
    *(backends, sessions, cookies, passwords, pages, transport),
)


def register_all() -> None:
    for check in ALL:
        register(_listed(check), Tags.security)


def _listed(check: Callable[..., Found]) -> Callable[..., list[CheckMessage]]:
    """Django wants lists."""

    def listed(**options: Any) -> list[CheckMessage]:
        return list(check(**options))

    return listed
