"""A bulk action: first what it would change, then one commit of all of it."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.console import asking, diffs
from apps.console.authors import author_of
from apps.console.bases import FIELD, opened, sealed
from apps.console.keeping import Wish, keep
from apps.console.node import node
from apps.console.pages import page
from apps.console.permissions import resource_of
from apps.console.showing import show
from apps.console.writing import telling
from apps.console.writing.bounds import BULK, BULK_SHOWN
from apps.console.writing.bulk import ACTIONS, BULK_BASE, Action, Plan, planned, read_action
from apps.console.writing.opened import configured
from apps.gitsync.resources import changes_of
from apps.policy.entities import Person, Resource

TEMPLATE: Final = "console/writing/bulk.html"


def about(request: HttpRequest) -> Resource:
    """The first of them that this person may change: each is asked for by itself afterwards."""
    who = asking.person(request.user.get_username())
    documents = [each for _action, each in changes_of(_selected(request)).values()]
    mine = (each for each in documents if asking.decide(who, "edit", each).allowed)
    return next(mine, resource_of("edit"))


def _selected(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("selected")))[: BULK + 1]


@page(about=about)
def bulk(request: HttpRequest, asker: Person) -> HttpResponse:
    """Who may edit some of them changes those. Raises ForgedBase."""
    back = reverse("admin:content_document_changelist")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    base, paths = opened(request.POST.get(FIELD, ""), BULK_BASE), _selected(request)
    if not paths:
        messages.info(request, _("Choose some pages first."))
        return HttpResponseRedirect(back)
    action = read_action(request.POST.dict(), configured().taxonomies)
    plan = planned(node(), asker, action, paths, base)
    if "_save" not in request.POST or not plan.changes:
        return _asked(request, action, plan, base)
    words = " ".join(request.POST.get("message", "").split()) or worded(action, plan)
    wish = Wish(files=plan.files, cause=words, base=base)
    kept = keep(node(), asker, author_of(request.user), wish)
    count = len(plan.changes)
    told = ngettext("%(n)d page is changed", "%(n)d pages are changed", count)
    telling.saved(request, kept, told % {"n": count})
    for left in plan.left:
        messages.warning(request, f"{left.path}: {left.reason}")
    return HttpResponseRedirect(back)


def worded(action: Action, plan: Plan) -> str:
    count = len(plan.changes)
    pages = "1 page" if count == 1 else f"{count} pages"
    if action.name == "add-term":
        return f"Add “{action.term}” to {pages}"
    if action.name == "remove-term":
        return f"Remove “{action.term}” from {pages}"
    return f"{ACTIONS[action.name]} {pages}"


def _asked(request: HttpRequest, action: Action, plan: Plan, base: str) -> HttpResponse:
    shown = plan.changes[:BULK_SHOWN]
    context = {
        "title": _("Before anything changes"),
        "subtitle": worded(action, plan),
        "action": action,
        "plan": plan,
        "diffs": [diffs.file_diff(each.path, each.old, each.new) for each in shown],
        "more": len(plan.changes) - len(shown),
        "message": worded(action, plan),
        "base": sealed(base, BULK_BASE),
        "list_url": reverse("admin:content_document_changelist"),
    }
    return show(request, TEMPLATE, context)
