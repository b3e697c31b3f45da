"""The read half behind an ASGI server: decodes, answers on a thread, sends."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from apps.delivery.answer import answer, refuse
from apps.delivery.chunks import file_chunks
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply, beside_console
from apps.delivery.requests import (
    BadPath,
    PageRequest,
    decode_headers,
    decode_path,
    decode_query,
    new_id,
)

THREADS = 8

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class DeliveryASGI:
    """An ASGI application for `http` scopes. Request bodies are not read."""

    def __init__(self, site: LiveSite, *, has_console: bool = False) -> None:
        self._site = site
        self._has_console = has_console
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="delivery")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = read_scope(scope)
        except BadPath:
            await self.send(refuse(scope["method"]), send)
            return
        await self.run(lambda: answer(request, self._site), send)

    async def run(self, make: Callable[[], Reply], send: Send) -> None:
        """Makes a reply on a thread and sends it."""
        await self.send(await asyncio.get_running_loop().run_in_executor(self._threads, make), send)

    async def send(self, reply: Reply, send: Send) -> None:
        if self._has_console:
            reply = beside_console(reply)
        headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if isinstance(reply.body, bytes):
            await send({"type": "http.response.body", "body": reply.body})
            return
        loop, chunks = asyncio.get_running_loop(), file_chunks(reply.body)
        while chunk := await loop.run_in_executor(self._threads, next, chunks, b""):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def read_scope(scope: Scope) -> PageRequest:
    """Raises BadPath."""
    raw = scope.get("raw_path")
    path = (
        decode_path(raw.partition(b"?")[0], quoted=True)
        if raw
        else decode_path(scope["path"].encode(), quoted=False)
    )
    return PageRequest(
        method=scope["method"],
        path=path,
        query=decode_query(scope.get("query_string", b"").decode("latin-1")),
        headers=decode_headers(scope["headers"]),
        id=new_id(),
    )
