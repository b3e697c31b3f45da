"""Content-Security-Policy of every answer of the console: its own static files, and nothing else.

By path, as the site's own pages and media are of the same origin and are not trusted.
"""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER: Final = "Content-Security-Policy"
NONCE_BYTES: Final = 18


def policy(origin: str, nonce: str) -> str:
    own = f"{origin}{settings.STATIC_URL}"
    sockets = origin.replace("http", "ws", 1)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' {own} {origin}/admin/jsi18n/",
            f"style-src 'nonce-{nonce}' {own}",
            f"font-src {own}",
            "img-src 'self' data: blob:",
            "media-src 'self'",
            f"connect-src 'self' {sockets}/admin/",
            # What the console frames: never a page of the site, whose scripts would run in it.
            f"frame-src {origin}/admin/ {origin}/-/preview/",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class ContentSecurityPolicy:
    """Middleware. `request.csp_nonce` is for the styles that a script of ours has to make."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = request.csp_nonce = token_urlsafe(NONCE_BYTES)  # type: ignore[attr-defined]
        response = self._answer(request)
        origin = f"{request.scheme}://{request.get_host()}"
        response.headers.setdefault(HEADER, policy(origin, nonce))
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response
