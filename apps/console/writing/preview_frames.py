"""The answers that show previews: apart from the console, without its cookies, without scripts of
the site, and kept by nobody.
"""

import base64
import sqlite3
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

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

PAGE: Final = (
    "default-src 'none'; img-src 'self' https: data:; media-src 'self' https:; style-src 'self';"
    " font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""As pages of the site have it, without what acts."""
NO_SCRIPT: Final = f"{PAGE}; sandbox"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # A browser that is told of a sandbox as well takes the page for broken (HTML, 7.1.3.2).
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
Answer = TypeVar("Answer", bound=HttpResponseBase)
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
def show(request: HttpRequest, token: str) -> HttpResponse:
    name = preview_tokens.opened(token)
    try:
        shown = _found(name) if name else None
    except AWAY:
        return _told(BUSY, 503)
    if name is None or shown is None:
        return _told(GONE, 404)
    content, policy = shown.content, NO_SCRIPT
    if name.startswith(preview_tokens.LIVE) and shown.content_type.startswith(previews.HTML):
        script, digest = _script()
        content = b"".join((content, b"<script>", script, b"</script>"))
        policy = f"{PAGE}; script-src '{digest}'; sandbox allow-scripts"
    answer = HttpResponse(content, content_type=shown.content_type, status=shown.status)
    return _dressed(answer, policy)


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
    return _dressed(HttpResponse(text, content_type=previews.PLAIN, status=status), NO_SCRIPT)


def _sent(reply: Reply) -> HttpResponseBase:
    body = reply.body
    answer: HttpResponseBase
    if isinstance(body, bytes):
        answer = HttpResponse(body, status=reply.status)
    else:
        answer = StreamingHttpResponse(file_chunks(body), status=reply.status)
    for header, value in reply.headers:
        answer.headers[header] = value
    return _dressed(answer, reply.header("content-security-policy") or NO_SCRIPT)


def _dressed(answer: Answer, policy: str) -> Answer:
    for header, value in HEADERS.items():
        answer.headers[header] = value
    answer.headers["Content-Security-Policy"] = policy
    return answer


@cache
def _script() -> tuple[bytes, str]:
    content = SCRIPT.read_bytes()
    return content, "sha256-" + base64.b64encode(sha256(content).digest()).decode()
