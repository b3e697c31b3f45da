"""What a request costs in steps of Python's own machine: the same number on every machine and at
every hour, so that a change can be held against the number before it."""

import sys
from collections.abc import Callable
from io import BytesIO
from types import FrameType
from typing import Any

from apps.delivery.front import Front
from apps.delivery.wsgi import DeliveryWSGI

WARM = 3
"""Requests before the one that is counted: what is made once is not a request's cost."""
REFUSED = "/\0"


def steps(call: Callable[[], object]) -> int:
    """Bytecode instructions of this thread, and calls of compiled functions."""
    count = 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "opcode"
        return line

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return line

    def called(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        count += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.setprofile(called)
    sys.settrace(entered)
    try:
        call()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count


def of_kinds(front: Front, page: str, missing: str) -> dict[str, int]:
    """Of each kind of answer, through the WSGI adapter. What is in the cache answers its second
    request; without a cache each makes the page."""
    application = DeliveryWSGI(front)
    tag = _answered(application, page)[1].get("etag", "")
    return {
        "page": _counted(application, page, 200),
        "not_modified": _counted(application, page, 304, HTTP_IF_NONE_MATCH=tag),
        "not_found": _counted(application, missing, 404),
        "unreadable": _counted(application, REFUSED, 400),
        "wrong_method": _counted(application, page, 405, REQUEST_METHOD="DELETE"),
    }


def _counted(application: DeliveryWSGI, path: str, status: int, **headers: str) -> int:
    for _ in range(WARM):
        found, _ = _answered(application, path, **headers)
        if found != status:
            raise ValueError(f"{path} answers {found}, not {status}")
    environ, started = _environ(path, headers), lambda *_: None
    return steps(lambda: application(environ, started))


def _answered(application: DeliveryWSGI, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    found: list[tuple[str, list[tuple[str, str]]]] = []
    application(_environ(path, headers), lambda status, lines: found.append((status, lines)))
    (status, lines) = found[0]
    return int(status[:3]), dict(lines)


def _environ(path: str, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "*/*",
        "wsgi.input": BytesIO(),
        **headers,
    }
