"""Conflicts: a list of them, and a page on which a person decides one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import warn_if_behind
from apps.console.node import node
from apps.console.pages import CONFLICT, page
from apps.console.publishing.conflict_forms import (
    FileForm,
    Reading,
    decided,
    forms,
    with_results,
)
from apps.console.publishing.merge_parts import BadChoice
from apps.console.publishing.publish_pages import the_branch
from apps.console.showing import show
from apps.extensions.authorising import authorise
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.conflicts import MergeConflict
from apps.gitsync.merging.resolving import forget, is_current, list_conflicts, read_conflict
from apps.gitsync.permitting import beyond_documents, permit
from apps.gitsync.resources import branch
from apps.gitsync.writing.deciding import OUTDATED, decide
from apps.gitsync.writing.outgoing import told
from apps.policy.entities import Person

MENDED = frozenset({"conflict.open", "conflict.choice", "conflict.unreadable", "conflict.changed"})
"""What a person can choose otherwise."""


def _repository() -> Repository:
    return Repository(settings.SITE_SOURCE.repository, durable=True)


@require_safe
@page(act="merge", about=the_branch)
def conflicts_page(request: HttpRequest, asker: Person) -> HttpResponse:
    repository = _repository()
    found = [(each, is_current(repository, each)) for each in list_conflicts(repository)]
    context = {"title": _("What has to be decided"), "conflicts": found}
    return show(request, "console/publishing/conflicts.html", context)


@page(act="merge", about=the_branch, based=True)
def conflict_page(
    request: HttpRequest, asker: Person, name: str, base: str | None = None
) -> HttpResponse:
    repository = _repository()
    conflict = read_conflict(repository, name)
    if not is_current(repository, conflict) or base not in (None, conflict.ours):
        return _outdated(request, conflict)
    if base is None:
        return _shown(request, conflict, forms(conflict, {}))
    return _sent(request, asker, conflict)


def _sent(request: HttpRequest, asker: Person, conflict: MergeConflict) -> HttpResponse:
    """Looked at, or saved; what cannot be saved is shown as it was sent."""
    sent: Mapping[str, str] = request.POST.dict()
    reading, shown = Reading(_repository(), node().scribe()), forms(conflict, {})
    try:
        shown = forms(conflict, sent)
        if request.POST.get("do") == "resolve":
            return _resolved(request, asker, conflict, shown)
        return _shown(request, conflict, with_results(conflict, shown, sent, reading))
    except BadChoice as error:
        return _shown(request, conflict, shown, error.reason)
    except GitFault as error:
        if error.code == OUTDATED:
            return _outdated(request, conflict)
        if error.code not in MENDED:
            raise
        return _shown(request, conflict, shown, error.reason)


def _resolved(
    request: HttpRequest, asker: Person, conflict: MergeConflict, shown: tuple[FileForm, ...]
) -> HttpResponse:
    console, sent = node(), request.POST.dict()
    for action, resource in beyond_documents(file.path for file in conflict.files):
        authorise(asker, action, resource)
    found = decided(conflict, shown, sent, Reading(_repository(), console.scribe()))
    # Whoever may decide may choose what others wrote; own words are a change like any other.
    permit(asker, found.contents, console.renderer)
    commit = decide(
        settings.SITE_SOURCE,
        conflict,
        found.said,
        found.contents,
        author=author_of(request.user),
        merges=console.scribe(),
    )
    text = _("Decided, and saved as %(commit)s. Look at it once more, then publish.")
    messages.success(request, text % {"commit": commit[:8]})
    warn_if_behind(request, console.follow())
    return HttpResponseRedirect(reverse("admin:publishing"))


def _shown(
    request: HttpRequest,
    conflict: MergeConflict,
    shown: tuple[FileForm, ...],
    error: str = "",
) -> HttpResponse:
    repository = _repository()
    context: dict[str, Any] = {
        "title": _("Decide what stays"),
        "conflict": conflict,
        "files": shown,
        "base": sealed(conflict.ours, str(branch())),
        "undecided": sum(form.undecided for form in shown),
        "mine": _("Mine"),
        "other": _("Theirs"),
        "theirs": told(repository, conflict.theirs, conflict.base),
        "error": error,
    }
    status = CONFLICT if error else 200
    return show(request, "console/publishing/conflict.html", context, status=status)


def _outdated(request: HttpRequest, conflict: MergeConflict) -> HttpResponse:
    context = {"title": _("This conflict is another now"), "conflict": conflict}
    return show(request, "console/publishing/outdated.html", context, status=CONFLICT)


@require_POST
@page(act="merge", about=the_branch)
def forget_conflict(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    repository = _repository()
    forget(repository, read_conflict(repository, name))
    messages.success(request, _("Set aside. It is asked again when you publish."))
    return HttpResponseRedirect(reverse("admin:publishing"))
