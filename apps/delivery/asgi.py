"""The read half behind an ASGI server: asks the front, on a thread where it takes work, sends."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from time import time
from typing import Any

from apps.delivery.chunks import file_chunks
from apps.delivery.front import Front, own_id
from apps.delivery.http.dates import http_date
from apps.delivery.incoming import Headers, Lines
from apps.delivery.ingress.lines import refusal_of
from apps.delivery.plain_hits import NOTHING, UNUSUAL, Plain
from apps.delivery.replies import Reply
from apps.delivery.requests import decode_headers, new_id

THREADS = 8
NOT_PLAIN = frozenset((b"content-length", *(name.encode() for name in UNUSUAL)))

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ScopeIncoming:
    """An `http` scope; header lines are looked at when somebody asks for one."""

    __slots__ = ("_found", "_scope", "method", "path", "query", "quoted")

    def __init__(self, scope: Scope) -> None:
        raw = scope.get("raw_path")
        self.method: str = scope["method"]
        self.quoted = bool(raw)
        path = raw.partition(b"?")[0] if raw else scope["path"].encode("utf-8", "surrogatepass")
        self.path: str = path.decode("latin-1")
        self.query: str = scope.get("query_string", b"").decode("latin-1")
        self._scope = scope
        self._found: dict[bytes, bytes] | None = None

    @property
    def peer(self) -> str | None:
        client = self._scope.get("client")
        return client[0] if client else None

    def header(self, name: str) -> str | None:
        found = self._found
        if found is None:
            found = self._found = _by_name(self._scope["headers"])
        return _text(found.get(name.encode()))

    @property
    def lines(self) -> Lines:
        lines: Lines = self._scope["headers"]
        return lines

    def headers(self) -> Headers:
        return decode_headers(self._scope["headers"])


def _by_name(lines: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Names are in lower case already, as the specification wants them."""
    found = dict(lines)
    if len(found) < len(lines):
        found = {}
        for name, value in lines:
            found[name] = b", ".join((found[name], value)) if name in found else value
    return found


def ask_plainly(plain: Plain, scope: Scope) -> Reply | None:
    lines, path = scope["headers"], scope.get("raw_path") or b"%"
    get = (named := dict(lines)).get
    if (
        scope["method"] != "GET"
        or scope.get("query_string")
        or b"%" in path
        or len(named) < len(lines)
        or not named.keys().isdisjoint(NOT_PLAIN)
        or refusal_of(lines)
    ):
        return None
    client = scope.get("client")
    had = (_text(get(b"if-none-match")), _text(get(b"if-modified-since")))
    return plain(
        path.decode("latin-1"),
        _text(get(b"accept-encoding")),
        NOTHING if had == NOTHING else had,
        (_text(get(b"host")), client[0] if client else None),
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


class DeliveryASGI:
    """An ASGI application for `http` scopes. Request bodies are not read."""

    def __init__(self, front: Front, *, says_date: bool = False) -> None:
        """`says_date` is for a server that does not."""
        self._front = front
        self._plain = front.plain()
        self._says_date = says_date
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="delivery")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._plain and (reply := ask_plainly(self._plain, scope)) is not None:
            await self.send(reply, send, (("x-request-id", new_id()),))
            return
        incoming = ScopeIncoming(scope)
        answer = self._front.quick(incoming)
        if answer is None:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._front.answer, incoming)
        await self.send(answer.reply, send, answer.more)

    async def run(self, make: Callable[[], Reply], send: Send) -> None:
        """Makes a reply on a thread and sends it."""
        reply = await asyncio.get_running_loop().run_in_executor(self._threads, make)
        await self.send(reply, send, own_id())

    async def send(self, reply: Reply, send: Send, more: Headers = ()) -> None:
        headers = [*reply.lines(), *[(n.encode(), v.encode("latin-1")) for n, v in more]]
        if self._says_date:
            headers.append((b"date", (http_date(int(time())) or "").encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if isinstance(reply.body, bytes):
            await send({"type": "http.response.body", "body": reply.body})
            return
        loop, chunks = asyncio.get_running_loop(), file_chunks(reply.body)
        while chunk := await loop.run_in_executor(self._threads, next, chunks, b""):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
