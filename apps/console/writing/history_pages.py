"""Earlier versions of a document: listed, compared, and brought back as a new version."""

import re
from typing import Final

from django.contrib.admin.utils import quote, unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console import diffs
from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import Wish, keep
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import recent, telling
from apps.console.writing.bounds import DELETED, HISTORY
from apps.console.writing.edit_pages import about
from apps.console.writing.opened import configured, insist_document, is_document, newest
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import change_of
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changing import content_at, restored_version
from apps.gitsync.writing.path_history import PathCommit, path_history, with_signatures
from apps.policy.entities import Person

LIST, COMPARE, GONE = (f"console/writing/{name}.html" for name in ("history", "compare", "deleted"))
NOW: Final = "now"
VERSION: Final = re.compile(r"[0-9a-f]{40,64}\^?")
"""A commit, or the one before it."""


@page(about=about)
def history(request: HttpRequest, asker: Person, object_id: str) -> HttpResponse:
    path, source = unquote(object_id), node().site().source
    insist_document(path)
    repository, tip = Repository(source.repository), newest(node())
    versions = _versions(repository, source, tip, path)
    context = {
        "title": _("Earlier versions"),
        "subtitle": path,
        "path": path,
        "versions": versions,
        "is_there": content_at(repository, source, tip, path) is not None,
        "is_all": len(versions) < HISTORY,
        "links": telling.links(path),
        "compare_url": reverse("admin:content_document_compare", args=[quote(path)]),
    }
    return show(request, LIST, context)


def _versions(repository: Repository, source: SiteSource, tip: str, path: str) -> list[PathCommit]:
    found = path_history(repository, tip, path, limit=HISTORY)
    return with_signatures(repository, found, served=tip, first=source.first_signers)


@page(about=about)
def compare(request: HttpRequest, asker: Person, object_id: str) -> HttpResponse:
    """Two versions side by side, or one with what it is now."""
    path, source = unquote(object_id), node().site().source
    insist_document(path)
    repository, tip = Repository(source.repository), newest(node())
    versions = {each.commit: each for each in path_history(repository, tip, path, limit=HISTORY)}
    older, newer = request.GET.get("older", ""), request.GET.get("newer", NOW)
    before = _content(repository, source, versions, older)
    after = (
        content_at(repository, source, tip, path)
        if newer == NOW
        else _content(repository, source, versions, newer)
    )
    context = {
        "title": _("Compare versions"),
        "subtitle": path,
        "path": path,
        "diff": diffs.file_diff(path, before, after),
        "older": versions[older],
        "newer": versions.get(newer),
        "can_restore": newer == NOW and before != after,
        "base": sealed(tip, str(change_of(path)[1])),
        "restore_url": reverse("admin:content_document_restore", args=[quote(path)]),
        "links": telling.links(path),
    }
    return show(request, COMPARE, context)


def _content(
    repository: Repository, source: SiteSource, versions: dict[str, PathCommit], commit: str
) -> bytes | None:
    """By the name that the file had then. Raises GitFault for what is no version of it."""
    if commit not in versions:
        raise GitFault("commit.unknown", "this page has no such version", "Choose one of the list")
    return content_at(repository, source, commit, versions[commit].path)


@page(about=about, based=True)
def restore(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    path = unquote(object_id)
    insist_document(path)
    if request.method != "POST":
        return HttpResponseRedirect(telling.links(path).history)
    version = _known(request.POST.get("version", ""), base)
    change = restored_version(node().site().source, path, version)
    words = change.cause
    wish = Wish(files={change.path: change.new}, cause=words, base=base)
    kept = keep(node(), asker, author_of(request.user), wish)
    telling.saved(request, kept, _("The earlier version is back"))
    return HttpResponseRedirect(telling.links(change.path).change)


def _known(version: str, tip: str) -> str:
    """One that led to what the author saw: nothing else of the clone is shown. Raises GitFault."""
    repository = Repository(node().site().source.repository)
    found = repository.resolve(f"{version}^{{commit}}") if VERSION.fullmatch(version) else None
    if found is None or not repository.is_ancestor(found, tip):
        raise GitFault("commit.unknown", "this page has no such version", "Choose one of the list")
    return found


@page()
def deleted(request: HttpRequest, asker: Person) -> HttpResponse:
    """Documents that were there once, the last ones first."""
    source, tip = node().site().source, newest(node())
    configuration = configured()
    lines = [
        {
            "path": path,
            "touch": touch,
            "version": f"{commit}^",
            "base": sealed(tip, str(change_of(path)[1])),
            "restore_url": reverse("admin:content_document_restore", args=[quote(path)]),
            "history_url": telling.links(path).history,
        }
        for path, commit, touch in recent.deleted(source.repository, tip, DELETED)
        if is_document(configuration, path)
    ]
    context = {
        "title": _("Deleted pages"),
        "lines": lines,
        "list_url": reverse("admin:content_document_changelist"),
    }
    return show(request, GONE, context)
