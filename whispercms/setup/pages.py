"""Setup in the console: a step at a time, for as long as this installation serves the demo."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.pages import page
from apps.console.showing import show
from apps.gitsync.errors import GitFault
from apps.policy.entities import Person, Resource, Site
from whispercms.settings_file import SettingsError
from whispercms.setup import resuming
from whispercms.setup.answers import Answers, BadAnswer
from whispercms.setup.checks import all_checks
from whispercms.setup.forms import FORMS, answered
from whispercms.setup.setup import NotSetUp, set_up

ACT: Final = "configure-site"
STEPS: Final = ("site", "access", "begin")
UNFIT: Final = 422


def patterns(site: AdminSite) -> list[URLPattern]:
    return [
        path("admin/setup/", site.admin_view(setup_page), name="setup"),
        path("admin/setup/<str:step>/", site.admin_view(setup_page), name="setup_step"),
    ]


def is_due() -> bool:
    """Whether there is nothing yet that this installation was told to serve."""
    return settings.DEMO_FOLDER is not None


def _site(request: HttpRequest, **named: Any) -> Resource:
    return Site(settings.SITE_KEY)


@page(look=ACT, act=ACT, about=_site)
def setup_page(request: HttpRequest, asker: Person, step: str = "site") -> HttpResponse:
    if not is_due():
        return show(request, "setup/done.html", {"title": _("Set up"), "node": settings.INSTANCE})
    if step not in STEPS:
        return HttpResponseRedirect(reverse("setup"))
    before = resuming.kept(settings.STATE)
    if step == "begin":
        return _begin(request, before)
    return _asked(request, step, before, asker)


def _asked(request: HttpRequest, step: str, before: Answers, asker: Person) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = FORMS[step](posted, initial=before.as_json())
    if form.is_valid():
        try:
            after = answered(before, form.cleaned_data, asker.id)
        except BadAnswer as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            resuming.keep(settings.STATE, after)
            wrong = _wrong(after, step, form)
            if not wrong:
                return HttpResponseRedirect(reverse("setup_step", args=[_next(after, step)]))
    context = {"title": _("Set up your site"), "form": form, "step": step, "number": _number(step)}
    return show(request, "setup/step.html", context, status=UNFIT if form.errors else 200)


def _wrong(answers: Answers, step: str, form: Any) -> bool:
    """Of what this step asks for. An address elsewhere may need a key, which is asked for next."""
    later = step == "site" and not answers.is_new and not answers.where.startswith(("/", "~"))
    for each in all_checks(answers, settings.STATE):
        asked = each.field in form.fields
        if not each.is_well and (asked or not each.field) and not (later and asked):
            form.add_error(each.field if asked else None, f"{each.told}. {each.remedy}")
    return bool(form.errors)


def _next(answers: Answers, step: str) -> str:
    return "access" if step == "site" and not answers.is_new else "begin"


def _number(step: str) -> int:
    return STEPS.index(step) + 1


def _begin(request: HttpRequest, answers: Answers) -> HttpResponse:
    checks = all_checks(answers, settings.STATE)
    status = 200
    if request.method == "POST":
        try:
            set_up(
                answers,
                state=settings.STATE,
                settings=Path(settings.INSTANCE.settings),
                author=author_of(request.user),
            )
            return show(request, "setup/waiting.html", {"title": _("Your site is being made")})
        except NotSetUp as error:
            checks, status = list(error.checks), UNFIT
        except (SettingsError, GitFault) as error:
            messages.error(request, str(error))
            status = UNFIT
    context = {
        "title": _("Set up your site"),
        "checks": checks,
        "is_well": all(each.is_well for each in checks),
        "answers": answers,
        "number": len(STEPS),
    }
    return show(request, "setup/begin.html", context, status=status)
