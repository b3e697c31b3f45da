"""How long a session lasts: an end when it is not used, and an end whatever happens."""

from collections.abc import Callable, MutableMapping
from time import time
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.console.bounds import IDLE_SECONDS, SEEN_SECONDS, SESSION_SECONDS

_BEGAN: Final = "began"
_SEEN: Final = "seen"
Values = MutableMapping[str, Any]


def begin(values: Values, now: float) -> None:
    values[_BEGAN] = values[_SEEN] = now


def is_over(values: Values, now: float) -> bool:
    """Also one that does not say when it began, or that began in the future."""
    began, seen = values.get(_BEGAN), values.get(_SEEN)
    if not isinstance(began, float) or not isinstance(seen, float):
        return True
    return not (0 <= now - began < SESSION_SECONDS and 0 <= now - seen < IDLE_SECONDS)


def keep(values: Values, now: float) -> None:
    """Writes down that it is in use, now and then."""
    if now - values[_SEEN] >= SEEN_SECONDS:
        values[_SEEN] = now


def end_all(account: AbstractBaseUser) -> int:
    """Of one account, wherever it is logged in. Takes part in the caller's transaction."""
    ended = 0
    for row in Session.objects.iterator():
        if row.get_decoded().get(SESSION_KEY) == str(account.pk):
            row.delete()
            ended += 1
    return ended


def sweep() -> None:
    """Removes the rows that nobody can use any more."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


class SessionBounds:
    """Middleware, behind Django's own for sessions and authentication."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            now = time()
            if is_over(request.session, now):
                logout(request)
            else:
                keep(request.session, now)
        return self._answer(request)
