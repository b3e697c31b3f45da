"""The read half behind a WSGI server (PEP 3333): decodes, answers, returns the body."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from apps.delivery.answer import answer, refuse
from apps.delivery.chunks import file_chunks
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.requests import BadPath, PageRequest, decode_path, decode_query, new_id

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class DeliveryWSGI:
    """A WSGI application. Request bodies are not read."""

    def __init__(self, site: LiveSite) -> None:
        self._site = site

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            reply = answer(read_environ(environ), self._site)
        except BadPath:
            reply = refuse(environ["REQUEST_METHOD"])
        return send(reply, start_response)


def read_environ(environ: Environ) -> PageRequest:
    """Raises BadPath."""
    raw = environ["PATH_INFO"].encode("latin-1")
    headers = tuple(
        (key[5:].replace("_", "-").lower(), value)
        for key, value in sorted(environ.items())
        if key.startswith("HTTP_")
    )
    return PageRequest(
        method=environ["REQUEST_METHOD"],
        path=decode_path(raw, quoted=False),
        query=decode_query(environ.get("QUERY_STRING", "")),
        headers=headers,
        id=new_id(),
    )


def send(reply: Reply, start_response: StartResponse) -> Iterable[bytes]:
    start_response(REASONS.get(reply.status, str(reply.status)), list(reply.headers))
    return [reply.body] if isinstance(reply.body, bytes) else file_chunks(reply.body)
