"""A document is deleted: who links to it is told before, and its versions stay."""

from typing import Final

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import Wish, keep
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import catalogue, telling
from apps.console.writing.edit_pages import about
from apps.console.writing.naming import beside
from apps.console.writing.opened import open_document
from apps.console.writing.suggestion import quoted
from apps.console.writing.uses import uses_of
from apps.gitsync.resources import change_of
from apps.policy.entities import Person

TEMPLATE: Final = "console/writing/delete.html"


@page(about=about, based=True)
def delete(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    here, path = node(), unquote(object_id)
    opened = open_document(here, path, base or None)
    folder = beside(path)
    others = sorted(catalogue.sources_below(here, folder) - {path}) if folder else []
    if request.method == "POST":
        files = dict.fromkeys([path, *(others if "with_files" in request.POST else [])])
        words = f"Delete {quoted(opened.title.text or path)}"
        wish = Wish(files=files, cause=words, base=opened.base)
        kept = keep(here, asker, author_of(request.user), wish)
        telling.saved(request, kept, _("The page is deleted; it can be brought back"))
        return HttpResponseRedirect(reverse("admin:content_document_changelist"))
    context = {
        "title": _("Delete the page"),
        "subtitle": path,
        "opened": opened,
        "others": others,
        "uses": uses_of(here, path, opened.address),
        "base": sealed(opened.base, str(change_of(path)[1])),
        **telling.head(opened),
    }
    return show(request, TEMPLATE, context)
