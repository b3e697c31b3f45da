"""What every page of the console has in common: somebody is logged in, policy is asked, and what
goes wrong is told as a page."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console import asking, refusals
from apps.console.bases import FIELD, ForgedBase, opened
from apps.console.bounds import READING
from apps.console.jobs import TooMuch
from apps.console.node import NotRunning
from apps.console.permissions import resource_of
from apps.console.showing import show
from apps.content.configuration import ConfigurationError
from apps.content.editing import EditError
from apps.delivery.observation import CommitMoved
from apps.extensions.authorising import PolicyDenied, authorise
from apps.extensions.owning.owned import OwnerRefused
from apps.gitsync.errors import GitFault, NodeFault, NotOnDisk, RemoteFault
from apps.policy.actions import BY_NAME
from apps.policy.entities import Person, Resource
from apps.runtime.faults import WorkerFault

View = Callable[..., HttpResponseBase]
About = Callable[..., Resource]
EXPLAINING: Final = "change-policy"
DENIED, CONFLICT, UNAVAILABLE = 403, 409, 503
FAULTS: Final = (
    *(GitFault, EditError, OwnerRefused, ConfigurationError),
    *(WorkerFault, NotRunning, TooMuch, CommitMoved, sqlite3.Error),
)
NODES: Final = (NodeFault, RemoteFault, WorkerFault, NotRunning, TooMuch, sqlite3.Error)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a page asks of policy: to be looked at, and to be acted on."""

    look: str
    act: str
    about: About
    based: bool

    def asks(self, request: HttpRequest, **named: Any) -> tuple[str, Resource]:
        action = self.look if request.method in READING else self.act
        wanted = self.about(request, **named)
        fits = BY_NAME[action].resource == wanted.kind
        return action, wanted if fits else resource_of(action)


def page(
    *, look: str = "preview", act: str = "edit", about: About | None = None, based: bool = False
) -> Callable[[View], View]:
    """For `view(request, asker, **named)`. With `based`, what is sent must carry the sealed field
    `base`, which the view is given opened."""
    rule = Rule(look, act, about or (lambda request, **named: resource_of(act)), based)

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, **named: Any) -> HttpResponseBase:
            try:
                return _answered(request, rule, view, named)
            except PolicyDenied as error:
                return denied(request, error)
            except ForgedBase as error:
                return refusals.forged_base(request, str(error))
            except FAULTS as error:
                return fault(request, error)

        asked.rule = rule  # type: ignore[attr-defined]
        return asked

    return decorate


def _answered(
    request: HttpRequest, rule: Rule, view: View, named: dict[str, Any]
) -> HttpResponseBase:
    """Raises PolicyDenied and ForgedBase before the view is called."""
    asker: Person = asking.person(request.user.get_username())
    action, resource = rule.asks(request, **named)
    authorise(asker, action, resource)
    if rule.based and request.method not in READING:
        what = str(rule.about(request, **named))
        named = {**named, FIELD: opened(request.POST.get(FIELD, ""), what)}
    return view(request, asker, **named)


def denied(request: HttpRequest, error: PolicyDenied) -> HttpResponse:
    """With what policy says, so that whoever may change it knows where to look."""
    context = {
        "title": _("You may not do this"),
        "reason": error.reason,
        "decision": error.decision,
        "remedy": _("Ask an owner of the site: roles and policies say who may do what."),
        "explain": _explained(error),
    }
    return show(request, "console/fault.html", context, status=DENIED)


def _explained(error: PolicyDenied) -> str:
    """Where that is told; for those who may look at policies."""
    named = {"who": str(error.principal), "action": error.action, "what": str(error.resource)}
    may = asking.decide(error.principal, EXPLAINING, resource_of(EXPLAINING)).allowed
    return f"{reverse('admin:explain')}?{urlencode(named)}" if may else ""


def fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing has changed when one of FAULTS is raised, but for the one that says so."""
    is_made = isinstance(error, NotOnDisk)
    context = {
        "title": _("Saved, but not safely") if is_made else _("Nothing was changed"),
        "reason": getattr(error, "reason", "") or str(error),
        "code": getattr(error, "code", ""),
        "line": getattr(error, "line", 0),
        "problems": getattr(error, "problems", ()),
        "remedy": getattr(error, "remedy", ""),
    }
    status = UNAVAILABLE if isinstance(error, NODES) else CONFLICT
    return show(request, "console/fault.html", context, status=status)
