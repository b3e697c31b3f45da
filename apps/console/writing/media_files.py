"""Bytes of the site's files for the console's own pages: small pictures, and a file as it is. What
is served here runs nothing, whatever it holds."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.contrib.admin.utils import quote, unquote
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from apps.console.node import node
from apps.console.pages import page
from apps.console.writing import catalogue, media
from apps.console.writing.media import File
from apps.content.image_workers import Unreadable
from apps.content.images.facts import TYPES, Facts, looks_like
from apps.content.images.library import library
from apps.content.images.renditions import Picture, Recipe, Rendition, renditions
from apps.content.shelf import Shelf
from apps.gitsync.resources import change_of
from apps.policy.entities import Person, Resource
from apps.runtime.faults import WorkerFault

RECIPE: Final = Recipe(widths=(320,), formats=("webp", "jpeg"), quality=70)
ROOM: Final = 64 * 1024 * 1024
SECONDS: Final = 24 * 60 * 60
NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SVG: Final = "image/svg+xml"


def about(request: HttpRequest, object_id: str) -> Resource:
    return change_of(unquote(object_id))[1]


def thumb_url(each: File) -> str:
    """Empty for what is no picture."""
    if each.has_thumb:
        return reverse("admin:media_thumb", args=[each.blob])
    return reverse("admin:media_raw", args=[quote(each.source)]) if each.is_picture else ""


@page()
def thumb(request: HttpRequest, asker: Person, blob: str) -> HttpResponseBase:
    found = _of_blob(blob)
    made = _rendition(found) if found else None
    if found is None or made is None:
        raise Http404
    shelf = _shelf(node().site().files.images.with_name("thumbs"))
    kept = shelf.find(made.key)
    if kept is None:
        content = _made(found, made)
        kept = shelf.put(made.key, content)
    with kept.path.open("rb") as file:
        answer = HttpResponse(file.read(kept.length), content_type=f"image/{made.format}")
    return _safe(answer)


@page(about=about)
def raw(request: HttpRequest, asker: Person, object_id: str) -> HttpResponseBase:
    found = media.one(node(), unquote(object_id))
    if found is None:
        raise Http404
    kind = found.type if found.type in TYPES.values() else ""
    if not kind and found.source.lower().endswith(".svg"):
        kind = SVG
    try:
        file = node().site().files.asset(found.blob).open("rb")
    except OSError as error:
        raise Http404 from error
    form = kind or "application/octet-stream"
    name = found.name
    answer = FileResponse(file, as_attachment=not kind, filename=name, content_type=form)
    return _safe(answer)


def _safe(answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=SECONDS)
    return answer


def _of_blob(blob: str) -> File | None:
    with catalogue.reading(node()) as connection:
        row = connection.execute(
            "SELECT source FROM asset WHERE blob = ? ORDER BY source LIMIT 1", (blob,)
        ).fetchone()
    return media.one(node(), row[0]) if row else None


def _rendition(found: File) -> Rendition | None:
    facts = Facts(found.type, found.width, found.height, found.nature)
    picture = Picture(url=found.url, blob=found.blob, size=found.size, facts=facts)
    made = dict(renditions(picture, RECIPE, library()))
    return next((each[0] for each in made.values()), None)


def _made(found: File, wanted: Rendition) -> bytes:
    try:
        here = node()
        content = here.renderer.images.make(here.site().files.asset(found.blob), wanted)
    except (Unreadable, WorkerFault, OSError) as error:
        raise Http404 from error
    if not looks_like(wanted.format, content):
        raise Http404
    return content


@lru_cache(maxsize=2)
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder, ROOM)
