"""One request through each of the adapters, as a server would hand it over, and what comes back."""

import asyncio
import io
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.test import RequestFactory

from apps.delivery.asgi import DeliveryASGI
from apps.delivery.front import Front
from apps.delivery.live import LiveSite
from apps.delivery.views import DeliveryView
from apps.delivery.wsgi import DeliveryWSGI


@dataclass(frozen=True, slots=True)
class Ask:
    """What a browser sends: `path` is quoted; a header may be sent on several lines."""

    path: str
    method: str = "GET"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Got:
    """What a browser gets: names are lower-case, in the order in which they were sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """All lines of a header as one list, as RFC 9110 section 5.3 reads them."""
        return ", ".join(value for key, value in self.headers if key == name) or None

    def comparable(self) -> tuple[int, Mapping[str, str | None], bytes]:
        """Everything but what must differ from request to request."""
        names = {name for name, _ in self.headers} - {"x-request-id"}
        return self.status, {name: self.header(name) for name in sorted(names)}, self._body()

    def _body(self) -> bytes:
        return self.body.replace((self.header("x-request-id") or "\0").encode(), b"ID")


Send = Callable[[LiveSite | Front, Ask], Got]


def through_asgi(site: LiveSite | Front, ask: Ask, *, raw_path: bool = True) -> Got:
    """`raw_path` is optional in the specification; without it bytes that are not UTF-8 are lost."""
    path = unquote_to_bytes(ask.path)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": ask.method,
        "scheme": "http",
        "path": path.decode("utf-8", "replace"),
        "query_string": ask.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in ask.headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    if raw_path:
        scope["raw_path"] = ask.path.encode()
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("bodies of requests are not read")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(DeliveryASGI(_front(site))(scope, receive, send))
    start, *parts = sent
    assert start["type"] == "http.response.start"
    assert [part["type"] for part in parts] == ["http.response.body"] * len(parts)
    assert [part.get("more_body", False) for part in parts] == [True] * (len(parts) - 1) + [False]
    headers = tuple((name.decode(), value.decode("latin-1")) for name, value in start["headers"])
    return Got(start["status"], headers, b"".join(part["body"] for part in parts))


def through_asgi_without_raw_path(site: LiveSite | Front, ask: Ask) -> Got:
    return through_asgi(site, ask, raw_path=False)


def through_wsgi(site: LiveSite | Front, ask: Ask) -> Got:
    """The standard library's validator stands between; it raises for what PEP 3333 forbids."""
    environ = {**_environ(ask), "wsgi.input": io.BytesIO()}
    setup_testing_defaults(environ)
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], error: Any = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda _: None

    parts = validator(DeliveryWSGI(_front(site)))(environ, start_response)
    body = b"".join(parts)
    parts.close()  # type: ignore[attr-defined]
    status, headers = started[-1]
    return Got(int(status[:3]), tuple(headers), body)


def through_view(site: LiveSite | Front, ask: Ask) -> Got:
    request = RequestFactory().generic(ask.method, "/", **_environ(ask))
    response = DeliveryView(_front(site))(request)
    body = b"".join(response)
    response.close()
    headers = tuple((name.lower(), value) for name, value in response.items())
    return Got(response.status_code, headers, body)


ADAPTERS: Mapping[str, Send] = {
    "asgi": through_asgi,
    "asgi without raw_path": through_asgi_without_raw_path,
    "wsgi": through_wsgi,
    "view": through_view,
}


def _front(site: LiveSite | Front) -> Front:
    return Front(site) if isinstance(site, LiveSite) else site


def _environ(ask: Ask) -> dict[str, Any]:
    """Of several lines of one header a CGI environment has one variable."""
    joined: dict[str, str] = {}
    for name, value in ask.headers:
        key = f"HTTP_{name.upper().replace('-', '_')}"
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return {
        "REQUEST_METHOD": ask.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(ask.path).decode("latin-1"),
        "QUERY_STRING": ask.query,
        **joined,
    }
