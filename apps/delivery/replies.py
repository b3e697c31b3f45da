"""What is sent: status, headers and bytes, or a part of a file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

HTML = "text/html; charset=utf-8"
PAGE_POLICY = (
    "default-src 'none'; img-src 'self' https: data:; media-src 'self' https:; style-src 'self';"
    " font-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'self'"
)
SECURITY = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cross-origin-opener-policy", "same-origin"),
)
APART = "sandbox allow-scripts allow-forms allow-popups allow-downloads"
"""An origin of its own for each page (HTML, 7.1.5). Without it a script of a theme, in the browser
of somebody who is logged in, could act in the console as that person."""
OPENER = "cross-origin-opener-policy"
BY_CORS = ("font/", "text/javascript")
"""What browsers load for a page of another origin only where they are told that they may."""
CACHING = (
    *("age", "cache-control", "cdn-cache-control", "etag", "expires", "last-modified", "pragma"),
    *("accept-ranges", "content-encoding", "surrogate-control", "surrogate-key", "cache-tag"),
    *("vary", "no-vary-search", "content-location", "set-cookie"),
)
"""What follows from the facts: nobody else may say how long something is to be kept."""
OWN = frozenset(
    {"content-type", "content-length", "content-security-policy", *dict(SECURITY), *CACHING}
)
QUERY_SAFE = "/-._~!$&'()*+,;=:@?%"
URL_SAFE = "/-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes of a file that are streamed: `length` from `start`."""

    path: Path
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Header names are lower-case. `content-length` is in the headers whenever there is a body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | FilePart = b""
    _lines: list[tuple[bytes, bytes]] | None = field(
        default=None, init=False, compare=False, repr=False
    )

    def lines(self) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI has them, made once; not to be changed."""
        lines = self._lines
        if lines is None:
            lines = [(name.encode(), value.encode("latin-1")) for name, value in self.headers]
            object.__setattr__(self, "_lines", lines)
        return lines

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    def with_headers(self, *headers: tuple[str, str]) -> "Reply":
        return replace(self, headers=(*self.headers, *headers))

    def without_body(self) -> "Reply":
        return replace(self, body=b"")


def page(status: int, body: bytes, content_type: str = HTML) -> Reply:
    """A page of a theme, with the policy that lets nothing foreign run in it."""
    headers = (
        ("content-type", content_type),
        ("content-length", str(len(body))),
        ("content-security-policy", PAGE_POLICY),
        *SECURITY,
    )
    return Reply(status, headers, body)


def last_resort(status: int, title: str, message: str, request_id: str) -> str:
    """The page for a theme that has none, or that cannot write one. The texts are ours."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{status} {title}</title><h1>{title}</h1><p>{message}</p>"
        f"{f'<p>Request {request_id}</p>' if request_id else ''}</html>\n"
    )


def plain(status: int, text: str, *headers: tuple[str, str]) -> Reply:
    body = text.encode()
    basic = (
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        *SECURITY,
    )
    return Reply(status, (*basic, *headers), body)


def beside_console(reply: Reply) -> Reply:
    """The same, of a server whose console must not be within reach of what the site runs."""
    policy = reply.header("content-security-policy")
    if policy == PAGE_POLICY:
        # A browser that is told both takes the page for broken (HTML, 7.1.3.2).
        kept = [pair for pair in reply.headers if pair[0] != OPENER and pair[1] != policy]
        apart = ("content-security-policy", f"{policy}; {APART}")
        return replace(reply, headers=(*kept, apart))
    if (reply.header("content-type") or "").startswith(BY_CORS):
        return reply.with_headers(("access-control-allow-origin", "null"))
    return reply


def redirect(url: str, query: str) -> Reply:
    """301 to a path of this site; the query is kept."""
    kept = quote(query, safe=QUERY_SAFE)
    location = quote("/" + url.lstrip("/\\"), safe=URL_SAFE) + (f"?{kept}" if kept else "")
    return plain(301, f"Moved to {location}\n", ("location", location))


def leading_to(target: str, query: str) -> Reply:
    """301 to an address of this site, or to the URL of another, which gets no query of ours."""
    if target.startswith("/"):
        return redirect(target, query)
    return plain(301, f"Moved to {target}\n", ("location", target))


def with_proposed(reply: Reply, proposed: Sequence[tuple[str, str, str]]) -> Reply:
    """(op, name, value) in order: `set` replaces, `append` adds, `remove` deletes. What the
    server itself must say stays."""
    headers = list(reply.headers)
    for op, name, value in proposed:
        if name in OWN:
            continue
        if op != "append":
            headers = [pair for pair in headers if pair[0] != name]
        if op != "remove":
            headers.append((name, value))
    return replace(reply, headers=tuple(headers))
