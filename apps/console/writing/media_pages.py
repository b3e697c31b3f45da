"""The library of files: looked through, uploaded to, each file with its uses, replaced, deleted."""

import posixpath
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import Kept, Wish, keep
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import media, media_files, telling
from apps.console.writing.media import File
from apps.console.writing.opened import newest
from apps.console.writing.uses import uses_of
from apps.gitsync.errors import GitFault
from apps.gitsync.resources import change_of
from apps.policy.entities import Person, Resource

LIBRARY, ONE = "console/writing/media.html", "console/writing/media_file.html"
FIELD: Final = "files"


def about(request: HttpRequest, object_id: str) -> Resource:
    return change_of(unquote(object_id))[1]


def new_file(request: HttpRequest) -> Resource:
    """Of files that are not there yet: each is asked for by itself as well."""
    document = request.POST.get("for", "") or request.GET.get("for", "")
    return change_of(posixpath.join(media.folder_for(node(), document), "new"))[1]


@page()
def library(request: HttpRequest, asker: Person) -> HttpResponse:
    shelf = media.found(node(), **_asked(request))
    context = {
        "title": _("Media"),
        "shelf": shelf,
        "cards": [_card(each) for each in shelf.files],
        "text": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "base": sealed(newest(node()), str(new_file(request))),
        "upload_url": reverse("admin:media_upload"),
        "folder": media.folder_for(node(), ""),
        "before": shelf.page - 1 if shelf.page > 1 else 0,
        "after": shelf.page + 1 if shelf.page < shelf.pages else 0,
    }
    return show(request, LIBRARY, context)


@page()
def listing(request: HttpRequest, asker: Person) -> JsonResponse:
    """For the picker of the editor: the files of the document's own folder first."""
    document = request.GET.get("for", "")
    shelf = media.found(node(), **_asked(request), folder=media.folder_for(node(), document))
    return JsonResponse(
        {
            "files": [{**_card(each), "link": _link(each, document)} for each in shelf.files],
            "page": shelf.page,
            "pages": shelf.pages,
            "count": shelf.count,
            "upload": reverse("admin:media_upload"),
            "base": sealed(newest(node()), str(new_file(request))),
        }
    )


@page(about=new_file, based=True)
def upload(request: HttpRequest, asker: Person, base: str = "") -> HttpResponse:
    """All files of one upload are one commit."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:media"))
    document = request.POST.get("for", "")
    folder = media.folder_for(node(), document)
    found = media.added(node(), request.FILES.getlist(FIELD), folder)
    names = ", ".join(posixpath.basename(each) for each in found.files)
    wish = Wish(files=dict(found.files), cause=f"Add {names}"[:200], base=base)
    kept = keep(node(), asker, author_of(request.user), wish)
    if request.headers.get("Accept", "").startswith("application/json"):
        return _uploaded(found, kept, document)
    count = len(found.files)
    told = ngettext("%(n)d file is added", "%(n)d files are added", count) % {"n": count}
    telling.saved(request, kept, told)
    for warning in found.warnings:
        messages.warning(request, warning)
    return HttpResponseRedirect(reverse("admin:media"))


def _uploaded(found: media.Added, kept: Kept, document: str) -> JsonResponse:
    rows = [media.one(node(), each) for each in found.files]
    files = [{**_card(each), "link": _link(each, document)} for each in rows if each]
    return JsonResponse(
        {
            "files": files,
            "warnings": list(found.warnings),
            "commit": kept.commit,
            "told": kept.followed.reason,
        }
    )


@page(about=about, based=True)
def file(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    """One file: what it is and who uses it; here it is replaced or deleted."""
    found = media.one(node(), unquote(object_id))
    if found is None:
        raise Http404
    if request.method == "POST":
        return _changed(request, asker, found, base)
    context = {
        "title": found.name,
        "subtitle": _("Media"),
        "file": found,
        "card": _card(found),
        "uses": uses_of(node(), found.source, found.url),
        "base": sealed(newest(node()), str(change_of(found.source)[1])),
        "library_url": reverse("admin:media"),
    }
    return show(request, ONE, context)


def _changed(request: HttpRequest, asker: Person, found: File, base: str) -> HttpResponse:
    """Raises GitFault."""
    if "_delete" in request.POST:
        wish = Wish(files={found.source: None}, cause=f"Delete {found.name}"[:200], base=base)
        told, to = _("The file is deleted; its versions stay"), reverse("admin:media")
    elif "_replace" in request.POST:
        files = request.FILES.getlist(FIELD)
        folder = posixpath.dirname(found.source)
        new = media.added(node(), files, folder, instead_of=found.source)
        wish = Wish(files=dict(new.files), cause=f"Replace {found.name}"[:200], base=base)
        told, to = _("The file is replaced"), request.path
    else:
        raise GitFault("media.action", "no action was chosen", "Go back and choose one")
    telling.saved(request, keep(node(), asker, author_of(request.user), wish), told)
    return HttpResponseRedirect(to)


def _asked(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("p", "1")
    return {
        "text": request.GET.get("q", "").strip()[:100],
        "kind": request.GET.get("kind", ""),
        "page": int(number) if number.isdecimal() and len(number) < 7 else 1,
    }


def _card(each: File) -> dict[str, Any]:
    thumb = media_files.thumb_url(each)
    return {
        "path": each.source,
        "url": each.url,
        "name": each.name,
        "size": each.size,
        "type": each.type,
        "ending": posixpath.splitext(each.name)[1].lstrip(".") or "–",
        "width": each.width,
        "height": each.height,
        "picture": each.is_picture,
        "thumb": thumb,
        "page": reverse("admin:media_file", args=[quote(each.source)]),
    }


def _link(each: File, document: str) -> str:
    """As a document names it: by its own folder where it lies there, else by its address."""
    folder = posixpath.dirname(document)
    inside = bool(folder) and each.source.startswith(f"{folder}/")
    return each.source[len(folder) + 1 :] if inside else each.url


def patterns(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("media/", view(library), name="media"),
        path("media/list.json", view(listing), name="media_list"),
        path("media/upload/", view(upload), name="media_upload"),
        path("media/thumb/<str:blob>/", view(media_files.thumb), name="media_thumb"),
        path("media/raw/<path:object_id>/", view(media_files.raw), name="media_raw"),
        path("media/file/<path:object_id>/", view(file), name="media_file"),
    ]
