"""The answers that show previews: apart from the console, without its cookies, without scripts of
the site, and kept by nobody.
"""

import base64
import sqlite3
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.console.framing import NO_ORIGIN, PAGE, dressed
from apps.console.node import NotRunning
from apps.console.writing import links, preview_tokens, previews
from apps.console.writing.preview_room import Shown
from apps.content.index import Index
from apps.content.laid import file_beside
from apps.delivery import assets
from apps.delivery.chunks import file_chunks
from apps.delivery.replies import Reply
from apps.gitsync.errors import GitFault
from apps.runtime.faults import WorkerFault

GONE: Final = "There is no such preview: the link is wrong, was withdrawn, or is too old.\n"
BUSY: Final = "The preview cannot be shown at the moment. Try again.\n"
AWAY: Final = (GitFault, WorkerFault, NotRunning, sqlite3.Error)
SCRIPT: Final = Path(__file__).parent.parent / "static/console/editor-frame.js"
"""Shows the next version in the place of this one. The only script that may run there: it is named
by its digest, and the sandbox leaves it no origin."""


def patterns() -> list[URLPattern]:
    """Below `preview_tokens.ROOT`."""
    return [
        path("<str:token>/", show, name="preview_frame"),
        path("<str:token>/file/<path:source>", beside, name="preview_file"),
    ]


@require_safe
@xframe_options_sameorigin
def show(request: HttpRequest, token: str) -> HttpResponse:
    name = preview_tokens.opened(token)
    try:
        shown = _found(name) if name else None
    except AWAY:
        return _told(BUSY, 503)
    if name is None or shown is None:
        return _told(GONE, 404)
    content, policy = shown.content, NO_ORIGIN
    if name.startswith(preview_tokens.LIVE) and shown.content_type.startswith(previews.HTML):
        script, digest = _script()
        content = b"".join((content, b"<script>", script, b"</script>"))
        policy = f"{PAGE}; script-src '{digest}'; sandbox allow-scripts"
    answer = HttpResponse(content, content_type=shown.content_type, status=shown.status)
    return dressed(answer, policy)


@require_safe
def beside(request: HttpRequest, token: str, source: str) -> HttpResponseBase:
    """A file of the document's own folder, though visitors are not shown it yet."""
    name, files = preview_tokens.opened(token), settings.SITE_FILES
    try:
        shown = _found(name) if name else None
        found = file_beside(Index(files), shown.source, source) if shown else None
    except AWAY:
        return _told(BUSY, 503)
    if found is None:
        return _told(GONE, 404)
    return _sent(assets.file_reply(source, files, *found))


def _found(name: str) -> Shown | None:
    now = time()
    if name.startswith(preview_tokens.LIVE):
        return previews.room.get(name, now)
    return links.shown(name, now)


def _told(text: str, status: int) -> HttpResponse:
    return dressed(HttpResponse(text, content_type=previews.PLAIN, status=status), NO_ORIGIN)


def _sent(reply: Reply) -> HttpResponseBase:
    body = reply.body
    answer: HttpResponseBase
    if isinstance(body, bytes):
        answer = HttpResponse(body, status=reply.status)
    else:
        answer = StreamingHttpResponse(file_chunks(body), status=reply.status)
    for header, value in reply.headers:
        answer.headers[header] = value
    return dressed(answer, reply.header("content-security-policy") or NO_ORIGIN)


@cache
def _script() -> tuple[bytes, str]:
    content = SCRIPT.read_bytes()
    return content, "sha256-" + base64.b64encode(sha256(content).digest()).decode()
