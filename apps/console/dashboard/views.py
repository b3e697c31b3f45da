"""The console's first page: what is served, what waits, and what wants a look."""

import sqlite3
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse

from apps.console import asking
from apps.console.dashboard.front import front
from apps.console.node import NotRunning, node
from apps.console.permissions import resource_of
from apps.console.publishing.files import shown_problems
from apps.console.showing import show

LOOK = "preview"
TEMPLATE = "console/dashboard/front.html"


def page(request: HttpRequest, records: Any) -> HttpResponse:
    """What policy does not show is not gathered."""
    context: dict[str, Any] = {"is_front": True, "records": records, "title": "Dashboard"}
    who = asking.person(request.user.get_username())
    if asking.decide(who, LOOK, resource_of(LOOK)).allowed:
        context |= _gathered()
    return show(request, TEMPLATE, context)


def _gathered() -> dict[str, Any]:
    try:
        found = front(node())
    except (NotRunning, sqlite3.Error, Error) as error:
        return {"unreadable": str(error)}
    problems = shown_problems(found.problems)
    return {"front": found, "problems": problems, "is_demo": settings.DEMO_FOLDER is not None}
