"""Shows what somebody types as readers would see it: asked for at every pause, and answered with
the page and what is amiss with it.
"""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern
from django.urls import path as route

from apps.console.pages import page
from apps.console.writing import preview_tokens, previews
from apps.console.writing.subjects import about
from apps.console.writing.typed_text import typed
from apps.content.editing import EditError
from apps.policy.entities import Person

JSON: Final = "application/json"


def patterns(site: AdminSite) -> list[URLPattern]:
    return [route("write/<path:object_id>/preview/", site.admin_view(make), name="preview_make")]


@page(act="preview", about=about, based=True)
def make(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    """Without a script the page itself is the answer."""
    path = unquote(object_id)
    name = preview_tokens.live_name(request, path)
    if request.method == "POST":
        made = _made(request, path, base, name)
        if made.shown:
            previews.room.put(name, made.shown)
        if _wants_json(request):
            return JsonResponse(_told(made, name))
        if made.shown is None:
            previews.room.put(name, previews.told(path, made.notes))
    return HttpResponseRedirect(preview_tokens.address(name))


def _made(request: HttpRequest, path: str, base: str, name: str) -> previews.Preview:
    try:
        content = typed(request.POST, path, base)
    except EditError as error:
        note = previews.Note("bad", error.reason, error.line)
        return previews.Preview(shown=None, url="", notes=(note,))
    return previews.make(path, content, preview_tokens.files_address(name))


def _told(made: previews.Preview, name: str) -> dict[str, Any]:
    shown = made.shown
    is_html = shown is not None and shown.content_type.startswith(previews.HTML)
    return {
        "address": preview_tokens.address(name) if shown else "",
        "html": shown.content.decode("utf-8", "replace") if shown and is_html else None,
        "url": made.url,
        "notes": [note.as_json() for note in made.notes],
    }


def _wants_json(request: HttpRequest) -> bool:
    return JSON in request.headers.get("accept", "")
