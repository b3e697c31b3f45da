"""Bare applications, without any framework, that give one answer: what the server itself can do.

Only ever imported by the server that runs it; the file of the answer is named in the environment.
"""

import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

GIVEN = json.loads(Path(os.environ["BENCH_REPLY"]).read_text())
BODY = GIVEN["body"].encode("latin-1")
HEADERS = [(name, value) for name, value in GIVEN["headers"]]
RAW_HEADERS = [(name.encode(), value.encode("latin-1")) for name, value in HEADERS]
START = {"type": "http.response.start", "status": 200, "headers": RAW_HEADERS}
WHOLE = {"type": "http.response.body", "body": BODY}


def wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]


async def asgi(
    scope: dict[str, Any], receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    if scope["type"] == "http":
        await send(START)
        await send(WHOLE)
