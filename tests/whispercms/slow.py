"""An application, for ASGI and for WSGI, that says when it has begun and ends when it is told."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

BODY = b"done\n"
SECONDS = 20.0
FOLDER = Path(os.environ.get("SLOW_FOLDER", "/nowhere"))
LENGTH = str(len(BODY))
ENDED = "ended"
"""Written when the application itself is stopped in order, not killed."""


def _begin(path: str) -> None:
    if path == "/slow":
        (FOLDER / "begun").touch()


def _over(path: str, begun: float) -> bool:
    return path != "/slow" or (FOLDER / "go").exists() or monotonic() > begun + SECONDS


def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path, begun = environ["PATH_INFO"], monotonic()
    _begin(path)
    while not _over(path, begun):
        sleep(0.01)
    scheme = environ["wsgi.url_scheme"]
    start_response("200 OK", [("content-length", LENGTH), ("x-scheme", scheme)])
    return [BODY]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    path, begun = scope["path"], monotonic()
    _begin(path)
    while not _over(path, begun):
        await asyncio.sleep(0.01)
    headers = [(b"content-length", LENGTH.encode()), (b"x-scheme", scope["scheme"].encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            (FOLDER / ENDED).touch()
            return
