"""The read half behind a WSGI server (PEP 3333): asks the front, returns the body."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any, Final

from apps.delivery.chunks import CHUNK, Held, file_chunks
from apps.delivery.front import Front
from apps.delivery.incoming import Headers
from apps.delivery.replies import FilePart, Reply, plain

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
FILES_AT_ONCE: Final = 12
"""Of large files, in one process: whoever does not read what was asked for keeps a thread of the
server, and some have to be left for pages."""
PLACES = BoundedSemaphore(FILES_AT_ONCE)
BUSY = plain(
    503,
    "Too many files are being sent. Please try again.\n",
    *(("cache-control", "no-store"), ("retry-after", "5")),
)
REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
BARE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


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

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        incoming = EnvironIncoming(environ)
        answer = self._front.quick(incoming) or self._front.answer(incoming)
        return send(answer.reply, start_response, answer.more)


def send(reply: Reply, start_response: StartResponse, more: Headers = ()) -> Iterable[bytes]:
    body = _body(reply.body)
    if body is None:
        reply, body = BUSY, _body(BUSY.body) or ()
    start_response(REASONS.get(reply.status, str(reply.status)), [*reply.headers, *more])
    return body


def _body(body: bytes | FilePart) -> Iterable[bytes] | None:
    """None where as many large files are being sent as may be."""
    if isinstance(body, bytes):
        return [body]
    if body.length <= CHUNK:
        return [b"".join(file_chunks(body))]
    return Held(body, PLACES) if PLACES.acquire(blocking=False) else None
