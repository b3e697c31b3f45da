"""Keeps what somebody types every few seconds, and lets them go on with it after a crash."""

import re
from time import time
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, reverse
from django.urls import path as route
from django.utils.translation import gettext as _

from apps.console import diffs
from apps.console.authors import author_of
from apps.console.bases import FIELD
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing.drafts import Draft, Drafts, Elsewhere
from apps.console.writing.opened import newest
from apps.console.writing.subjects import about
from apps.console.writing.typed_text import typed
from apps.content.editing import EditError
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.changing import content_at
from apps.policy.entities import Person

VERSION: Final = "draft_version"
LOCAL: Final = frozenset({"csrfmiddlewaretoken", VERSION, FIELD})
"""What of a form is not the author's. What it was made from is kept opened."""
OBJECT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
ELSEWHERE: Final = 409


def patterns(site: AdminSite) -> list[URLPattern]:
    guarded = site.admin_view
    return [
        route("write/<path:object_id>/draft/", guarded(keep), name="draft_keep"),
        route("write/<path:object_id>/draft/discard/", guarded(discard), name="draft_discard"),
        route("write/<path:object_id>/draft/look/", guarded(look), name="draft_look"),
    ]


@page(about=about, based=True)
def keep(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    """What the browser saw last is its condition: another window overwrites nothing."""
    path = unquote(object_id)
    if request.method != "POST":
        return HttpResponseRedirect(_editor(path))
    draft = Draft(
        owner=asker.id,
        what=path,
        base=base,
        form=_form(request),
        moment=int(time()),
    )
    try:
        version = _drafts().keep(draft, author_of(request.user), _seen(request))
    except Elsewhere as error:
        return JsonResponse(_told(error.draft), status=ELSEWHERE)
    return JsonResponse({"version": version, "moment": draft.moment})


@page(about=about)
def discard(request: HttpRequest, asker: Person, object_id: str) -> HttpResponse:
    path = unquote(object_id)
    if request.method == "POST" and _drafts().forget(asker.id, path, _seen(request)):
        messages.info(request, _("The changes that were not saved are gone."))
    return HttpResponseRedirect(_editor(path))


@page(about=about)
def look(request: HttpRequest, asker: Person, object_id: str) -> HttpResponse:
    """What was typed and not saved, beside what is saved now."""
    path = unquote(object_id)
    draft = _drafts().mine(asker.id, path)
    if draft is None:
        messages.info(request, _("There is nothing that was not saved."))
        return HttpResponseRedirect(_editor(path))
    source = node().site().source
    saved = content_at(Repository(source.repository), source, newest(node()), path)
    problem, new = "", saved
    try:
        new = typed(draft.as_query(), path, draft.base)
    except EditError as error:
        problem = error.reason
    context = {
        "title": _("What was not saved"),
        "subtitle": path,
        "draft": draft,
        "problem": problem,
        "form": draft.form,
        "diff": diffs.file_diff(path, saved, new),
        "urls": addresses(path),
    }
    return show(request, "console/writing/draft.html", context)


def addresses(path: str) -> dict[str, str]:
    """Of what there is to do with a document that is written."""
    key = [quote(path)]
    named = ("preview_make", "draft_keep", "draft_discard", "draft_look", "preview_links")
    return {
        **{name: reverse(f"admin:{name}", args=key) for name in named},
        "editor": _editor(path),
        "go_on": f"{_editor(path)}?draft=1",
    }


def _editor(path: str) -> str:
    return reverse("admin:content_document_change", args=[quote(path)])


def _seen(request: HttpRequest) -> str:
    """The version that the browser saw last; empty for none. Raises GitFault."""
    said = request.POST.get(VERSION, "")
    if said and not OBJECT.fullmatch(said):
        raise GitFault("draft.version", "this is no version of a draft", "Open the page again")
    return said


def _form(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    names = [name for name in request.POST if name not in LOCAL and not name.startswith("_")]
    return tuple((name, value) for name in names for value in request.POST.getlist(name))


def _drafts() -> Drafts:
    return Drafts(node().site().source)


def _told(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"version": "", "moment": 0}
    return {"version": draft.version, "moment": draft.moment}
