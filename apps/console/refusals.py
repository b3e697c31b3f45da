"""What the console turned away before it looked at it: told to the audit, and shown as a page."""

from time import monotonic
from typing import Final

import structlog
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.console import asking
from apps.console.bounds import READING, REFUSALS_TOLD, REFUSALS_TOLD_SECONDS
from apps.console.showing import show
from apps.policy.entities import Principal, Site, Visitor

log = structlog.get_logger("whispercms.console")

ACTION: Final = "console"
FORBIDDEN, BAD = 403, 400


class _Told:
    """How many of strangers went into the audit lately: nobody is to fill it from outside."""

    def __init__(self) -> None:
        self._since, self._count = 0.0, 0

    def may(self, now: float) -> bool:
        if now - self._since >= REFUSALS_TOLD_SECONDS:
            self._since, self._count = now, 0
        self._count += 1
        return self._count <= REFUSALS_TOLD


_strangers = _Told()


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's own answer would not be told to the audit."""
    told = _("The page was open too long, or the request came from somewhere else.")
    return refuse(request, f"no valid CSRF token: {reason}", told, _("Go back, reload, try again."))


def not_logged_in(request: HttpRequest) -> HttpResponse:
    told = _("You are not logged in, or no longer.")
    return refuse(request, "nobody is logged in", told, _("Log in, and try again."))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """What Django's own pages raise; to look at one is no attempt at anything."""
    told, remedy = _("You may not do this."), _("Ask an owner of the site.")
    if request.method not in READING:
        return refuse(request, "policy allows no such thing", told, remedy)
    return _shown(request, told, remedy, FORBIDDEN)


def forged_base(request: HttpRequest, reason: str) -> HttpResponse:
    told = _("This form does not fit what it would change.")
    return refuse(request, reason, told, _("Open the page again."), status=BAD)


def refuse(
    request: HttpRequest, reason: str, told: str, remedy: str, *, status: int = FORBIDDEN
) -> HttpResponse:
    note(request, reason)
    return _shown(request, told, remedy, status)


def _shown(request: HttpRequest, told: str, remedy: str, status: int) -> HttpResponse:
    context = {"title": _("Nothing was changed"), "reason": told, "remedy": remedy}
    return show(request, "console/fault.html", context, status=status)


def note(request: HttpRequest, reason: str) -> None:
    """Never raises: nothing is done either way."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    who: Principal = asking.person(user.get_username()) if user and known else Visitor()
    told = f"{request.method} {request.path}: {reason}"
    log.warning("refused", principal=str(who), reason=told)
    if known or _strangers.may(monotonic()):
        try:
            asking.note(who, ACTION, Site(settings.SITE_KEY), allowed=False, reason=told)
        except Error as error:
            log.error("not audited", reason=str(error))
