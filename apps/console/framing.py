"""Answers that show what pages of the site are, were, or would be: in a frame of the console or on
their own, without scripts and forms, and kept by nobody."""

from typing import Final, TypeVar

from django.http import HttpResponseBase

from apps.console.csp import HEADER

SHUT: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'"
)
PAGE: Final = f"{SHUT}; img-src 'self' https: data:; media-src 'self' https:"
"""As pages of the site have it, without what acts."""
NO_ORIGIN: Final = f"{PAGE}; sandbox"
SEEN: Final = f"{PAGE}; sandbox allow-same-origin"
"""Of the same origin so that its own pictures and styles are let in; without scripts, forms and
windows there is nobody in it who could make use of that."""
TRIED: Final = f"{SHUT}; img-src 'self' data:; media-src 'self'; sandbox allow-same-origin"
"""Of what nobody has accepted yet, no other host is to hear."""
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
OPENER: Final = "Cross-Origin-Opener-Policy"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def dressed(answer: Answer, policy: str, *, framed_only: bool = False) -> Answer:
    """Whoever frames it says so with `xframe_options_sameorigin`."""
    for header, value in HEADERS.items():
        answer.headers[header] = value
    answer.headers[HEADER] = policy
    if not framed_only:
        # A browser that is told of a sandbox as well takes the page for broken (HTML, 7.1.3.2).
        answer.headers[OPENER] = "unsafe-none"
    return answer
