"""Environments and releases: what serves what, what a promotion or a rollback would change, and its
being done."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.console.bases import sealed
from apps.console.job_pages import begin
from apps.console.pages import page
from apps.console.publishing import work
from apps.console.publishing.bounds import CAUSE_CHARACTERS, DIFFS_OPEN
from apps.console.publishing.environments import Environment, environment, environments, releases
from apps.console.publishing.files import Between, shown_files, shown_problems
from apps.console.publishing.seals import look_sealed
from apps.console.publishing.work import Wish
from apps.console.showing import show
from apps.extensions.authorising import authorise
from apps.gitsync.authoring import count_unpublished
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.promoting.releasing import REFUSED, content_of
from apps.gitsync.releases.refs import find
from apps.gitsync.releases.release import Release, environment_of
from apps.gitsync.resources import branch
from apps.gitsync.writing.outgoing import files_between
from apps.policy.entities import Person
from apps.policy.entities import Release as Asked

MOVED = gettext_lazy("The environment has moved on since you looked. Look again.")


class CauseForm(forms.Form):
    cause = forms.CharField(max_length=CAUSE_CHARACTERS, label=gettext_lazy("Why"))
    inexact = forms.BooleanField(required=False)

    def clean_cause(self) -> str:
        line = " ".join(str(self.cleaned_data["cause"]).split())
        if not line.isprintable():
            raise forms.ValidationError(_("Write one line of plain text."))
        return line


@require_safe
@page(act="promote")
def releases_page(request: HttpRequest, asker: Person) -> HttpResponse:
    found = environments()
    context = {"title": _("Releases"), "environments": found, "releases": releases(found)}
    return show(request, "console/publishing/releases.html", context)


def the_release(request: HttpRequest, name: str) -> Asked:
    return Asked(name, branch(environment_of(name)).id)


@page(act="roll-back", about=the_release, based=True)
def release_page(
    request: HttpRequest, asker: Person, name: str, base: str | None = None
) -> HttpResponse:
    """One release, and going back to it."""
    release, at = _release(name)
    form = CauseForm(request.POST if base is not None else None)
    wish = Wish(environment=at.name, cause="a look at what it changes", release=release.id)
    if base is not None and form.is_valid():
        if base != (at.commit or ""):
            messages.warning(request, str(MOVED))
            return HttpResponseRedirect(request.path)
        wish = Wish(
            environment=at.name,
            cause=form.cleaned_data["cause"],
            release=release.id,
            inexact=form.cleaned_data["inexact"],
        )
        call = partial(work.release, request.user, wish)
        return begin(request, _("Go back to an earlier release"), call)
    foreseen = work.foreseen(wish, request.user)
    goal = content_of(_repository(), release).commit
    context = {
        "title": _("Go back to this release"),
        "release": release,
        "form": form,
        "report": foreseen,
        "problems": shown_problems(foreseen.problems),
        "inexact": foreseen.state == REFUSED,
        "base": sealed(at.commit or "", str(the_release(request, name))),
        **_change(at, goal),
    }
    return show(request, "console/publishing/release.html", context)


def the_target(request: HttpRequest, origin: str, to: str) -> Any:
    return branch(to)


@page(act="promote", about=the_target, based=True)
def promote_page(
    request: HttpRequest, asker: Person, origin: str, to: str, base: str | None = None
) -> HttpResponse:
    """Of an environment to itself: it follows its branch again."""
    source, target = environment(origin), environment(to)
    goal = source.tip if origin == to else source.commit
    form = CauseForm(request.POST if base is not None else None)
    if base is not None and form.is_valid():
        if base != (goal or ""):
            messages.warning(request, str(MOVED))
            return HttpResponseRedirect(request.path)
        wish = Wish(
            environment=to,
            origin=origin,
            cause=form.cleaned_data["cause"],
            dry_run=request.POST.get("do") == "check",
        )
        if not wish.dry_run and count_unpublished(settings.SITE_ENVIRONMENTS[origin][0]):
            authorise(asker, "publish", branch(origin))  # It goes out with the release.
        call = partial(work.release, request.user, wish)
        return begin(request, _promotion(source, target), call)
    context = {
        "title": _promotion(source, target),
        "origin": source,
        "form": form,
        "base": sealed(goal or "", str(the_target(request, origin, to))),
        **_change(target, goal),
    }
    return show(request, "console/publishing/promote.html", context)


def _promotion(source: Environment, target: Environment) -> str:
    if source.name != target.name:
        return _("Promote")
    pinned = target.release is not None and target.release.pinned
    return _("Follow the branch again") if pinned else _("Make a release")


def _release(name: str) -> tuple[Release, Environment]:
    found = find(_repository(), name)
    if found is None:
        raise GitFault("release.unknown", f"there is no release {name[:80]!r}", "See the list")
    return found, environment(found.environment)


def _change(target: Environment, goal: str | None) -> dict[str, Any]:
    """What an environment would have otherwise."""
    shown: dict[str, Any] = {"target": target, "goal": goal, "files": (), "pages": {}}
    if not (target.commit and goal) or target.commit == goal:
        return shown
    repository = _repository()
    changed = files_between(repository, target.commit, goal)
    between = Between(target.commit, goal)
    files = shown_files(repository, changed, settings.SITE_FILES, between)
    pages = {"old": look_sealed(target.commit), "new": look_sealed(goal)}
    return {**shown, "files": files, "pages": pages, "opened": len(files) <= DIFFS_OPEN}


def _repository() -> Repository:
    return Repository(settings.SITE_SOURCE.repository)
