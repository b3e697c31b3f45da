"""What came of publishing, updating, promoting and rolling back, with the next step."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.pages import page
from apps.console.publishing import outcomes
from apps.console.publishing.files import shown_problems
from apps.console.publishing.publish_pages import own_base, the_branch
from apps.console.publishing.work import Wish
from apps.console.showing import show
from apps.gitsync.promoting.releasing import ReleaseReport
from apps.gitsync.report import SyncReport
from apps.gitsync.writing.publication import PublishReport
from apps.policy.entities import Person


@page(act="publish", about=the_branch)
def publish_result(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    more = {"title": _("What came of it"), "base": own_base()}
    return _shown(request, name, PublishReport, "console/publishing/published.html", more)


@page(act="sync", about=the_branch)
def update_result(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    more = {"title": _("Updated from others")}
    return _shown(request, name, SyncReport, "console/publishing/updated.html", more)


@page(act="promote", about=the_branch)
def release_result(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    match outcomes.find(request.user.get_username(), name):
        case (Wish() as wish, ReleaseReport() as report):
            problems = shown_problems(report.problems)
            context = {
                "title": _("What came of it"),
                "wish": wish,
                "report": report,
                "problems": problems,
            }
            return show(request, "console/publishing/released.html", context)
        case _:
            return HttpResponseRedirect(reverse("admin:releases"))


def _shown(
    request: HttpRequest,
    name: str,
    kind: type[PublishReport] | type[SyncReport],
    template: str,
    more: Mapping[str, Any],
) -> HttpResponse:
    """What is forgotten is told by the page it came from."""
    report = outcomes.find(request.user.get_username(), name)
    if not isinstance(report, kind):
        return HttpResponseRedirect(reverse("admin:publishing"))
    problems = shown_problems(report.problems)
    return show(request, template, {**more, "report": report, "problems": problems})
