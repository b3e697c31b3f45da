"""The read half behind a WSGI server (PEP 3333): asks the front, returns the body."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any, Final

from apps.delivery.chunks import CHUNK, Held, file_chunks
from apps.delivery.front import Front
from apps.delivery.incoming import Headers
from apps.delivery.plain_hits import NOTHING, UNUSUAL, Plain
from apps.delivery.replies import FilePart, Reply, plain
from apps.delivery.requests import new_id

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
FILES_AT_ONCE: Final = 12
"""Of large files, in one process: whoever does not read what was asked for keeps a thread of the
server, and some have to be left for pages."""
PLACES = BoundedSemaphore(FILES_AT_ONCE)
BUSY_BODY = b"Too many files are being sent. Please try again.\n"
BUSY = plain(
    503,
    BUSY_BODY.decode(),
    *(("cache-control", "no-store"), ("retry-after", "5")),
)
BARE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
NOT_PLAIN = frozenset(f"HTTP_{name.upper().replace('-', '_')}" for name in UNUSUAL)
TAG, SINCE = "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"
CONDITIONAL = NOT_PLAIN | {TAG, SINCE}


class _Reasons(dict[int, str]):
    """Status lines; those of numbers that nobody has named are the numbers."""

    def __missing__(self, status: int) -> str:
        return str(status)


REASONS = _Reasons((status.value, f"{status.value} {status.phrase}") for status in HTTPStatus)


class EnvironIncoming:
    """A WSGI environment; the server has joined the lines of a header and decoded the path."""

    __slots__ = ("_environ", "method", "path", "query")

    quoted = False
    lines = ()

    def __init__(self, environ: Environ) -> None:
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ["PATH_INFO"]
        self.query: str = environ.get("QUERY_STRING", "")
        self._environ = environ

    @property
    def peer(self) -> str | None:
        return self._environ.get("REMOTE_ADDR") or None

    def header(self, name: str) -> str | None:
        value: str | None = self._environ.get(_variable(name))
        return None if value == "" and name in BARE else value

    def headers(self) -> Headers:
        return tuple(
            (key[5:].replace("_", "-").lower(), value)
            for key, value in sorted(self._environ.items())
            if key.startswith("HTTP_")
        )


@lru_cache(maxsize=1024)
def _variable(name: str) -> str:
    return BARE.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


class DeliveryWSGI:
    """A WSGI application. Request bodies are not read."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._plain = front.plain()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._plain and (reply := ask_plainly(self._plain, environ)) is not None:
            return send(reply, start_response, (("x-request-id", new_id()),))
        incoming = EnvironIncoming(environ)
        answer = self._front.quick(incoming) or self._front.answer(incoming)
        return send(answer.reply, start_response, answer.more)


def ask_plainly(plain: Plain, environ: Environ) -> Reply | None:
    get = environ.get
    if environ["REQUEST_METHOD"] != "GET" or get("QUERY_STRING") or get("CONTENT_LENGTH"):
        return None
    had = NOTHING
    if not environ.keys().isdisjoint(CONDITIONAL):
        if not environ.keys().isdisjoint(NOT_PLAIN):
            return None
        had = (get(TAG), get(SINCE))
    asker = (get("HTTP_HOST"), get("REMOTE_ADDR"))
    return plain(environ["PATH_INFO"], get("HTTP_ACCEPT_ENCODING"), had, asker)


def send(reply: Reply, start_response: StartResponse, more: Headers = ()) -> Iterable[bytes]:
    body = reply.body
    parts: Iterable[bytes] | None = [body] if isinstance(body, bytes) else _part(body)
    if parts is None:
        reply, parts = BUSY, [BUSY_BODY]
    start_response(REASONS[reply.status], [*reply.headers, *more])
    return parts


def _part(body: FilePart) -> Iterable[bytes] | None:
    """None where as many large files are being sent as may be."""
    if body.length <= CHUNK:
        return [b"".join(file_chunks(body))]
    return Held(body, PLACES) if PLACES.acquire(blocking=False) else None
