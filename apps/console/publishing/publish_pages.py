"""What will go out, and its going out: publish, update from others, take back."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.job_pages import begin
from apps.console.keeping import warn_if_behind
from apps.console.node import node
from apps.console.pages import page
from apps.console.publishing import work
from apps.console.publishing.bounds import DIFFS_OPEN
from apps.console.publishing.files import Between, ShownFile, shown_files, shown_problems
from apps.console.publishing.seals import look_sealed
from apps.console.showing import show
from apps.extensions.authority import policy_problems
from apps.gitsync.authoring import foreseen
from apps.gitsync.clone.circuit_file import read_circuit
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.resolving import list_conflicts
from apps.gitsync.permitting import permit
from apps.gitsync.resources import branch, change_of
from apps.gitsync.writing.outgoing import Outgoing, outgoing
from apps.gitsync.writing.taking_back import before, take_back
from apps.policy.entities import Branch, Document, Person, Resource

NEWER = "Something was saved since you looked. This is the newest now; look again, then publish."


def the_branch(request: HttpRequest, **named: Any) -> Branch:
    return branch()


def own_base(out: Outgoing | None = None) -> str:
    """What is to be published, sealed."""
    found = out or outgoing(node().site().source)
    return sealed(found.ours or "", str(branch()))


@page(act="publish", about=the_branch)
def publish_page(request: HttpRequest, asker: Person) -> HttpResponse:
    console = node()
    source = console.site().source
    repository, out = Repository(source.repository), outgoing(source)
    between = Between(out.base, out.ours or "")
    files = shown_files(repository, out.files, settings.SITE_FILES, between)
    context = {
        "title": _("Publish"),
        "out": out,
        "files": [(each, _base(out, each)) for each in files],
        "opened": len(out.files) <= DIFFS_OPEN,
        "base": own_base(out),
        "pages": _pages(out),
        "conflicts": list_conflicts(repository),
        "circuit": read_circuit(source.circuit),
    }
    return show(request, "console/publishing/publish.html", context)


def _base(out: Outgoing, file: ShownFile) -> str:
    """For taking it back; empty where that is not offered."""
    return sealed(out.ours or "", str(_file(file.path))) if file.diff else ""


def _pages(out: Outgoing) -> dict[str, str]:
    """Both commits whose pages can be looked at, sealed; none where there is nothing to see."""
    if not (out.base and out.ours):
        return {}
    return {"old": look_sealed(out.base), "new": look_sealed(out.ours)}


@page(act="publish", about=the_branch)
def verdict(request: HttpRequest, asker: Person) -> HttpResponse:
    """Part of a page: what would be refused, by what was fetched last."""
    report = foreseen(node().site(), author=author_of(request.user))
    context = {
        "title": _("Can it go out?"),
        "report": report,
        "problems": shown_problems(report.problems),
    }
    return show(request, "console/publishing/verdict.html", context)


@require_POST
@page(act="publish", about=the_branch, based=True)
def publish_now(request: HttpRequest, asker: Person, base: str) -> HttpResponse:
    if base != (outgoing(node().site().source).ours or ""):
        messages.warning(request, _(NEWER))
        return HttpResponseRedirect(reverse("admin:publishing"))
    restore = request.POST.get("restore") == "yes"
    return begin(request, _("Publish"), partial(work.publish, request.user, restore=restore))


@require_POST
@page(act="sync", about=the_branch)
def update_now(request: HttpRequest, asker: Person) -> HttpResponse:
    return begin(request, _("Update from others"), partial(work.update, request.user))


def the_file(request: HttpRequest, **named: Any) -> Resource:
    return _file(request.POST.get("path", ""))


def _file(path: str) -> Resource:
    """Whatever kind of file it is, the view asks by its own action as well."""
    _action, resource = change_of(path) if path else ("", None)
    return resource if isinstance(resource, Document) else branch()


@require_POST
@page(act="edit", about=the_file, based=True)
def take_back_file(request: HttpRequest, asker: Person, base: str) -> HttpResponse:
    console, path = node(), request.POST.get("path", "")
    site = console.site()
    permit(asker, {path: before(site.source, path)[1]}, console.renderer)
    take_back(
        site.source,
        path,
        base=base,
        author=author_of(request.user),
        merges=console.scribe(),
        prove=partial(policy_problems, workers=console.workers),
    )
    messages.success(request, _("Taken back: %(path)s is as it was before.") % {"path": path})
    warn_if_behind(request, console.follow())
    return HttpResponseRedirect(reverse("admin:publishing"))
