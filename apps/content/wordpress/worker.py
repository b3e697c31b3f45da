"""The confined worker that reads exports of WordPress and converts bodies, as both are hostile.

Asked by `exports`. A file is read in order by one worker: each request names its place in the row,
and one that comes out of row is told so, as then another worker had the beginning.
"""

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final

from apps.content.wordpress.conversion import convert
from apps.content.wordpress.wxr import Export, ExportError

LOST: Final = {"lost": True}


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is not used: what a file becomes depends on its bytes alone."""
    return _Answering().answer


class _Answering:
    def __init__(self) -> None:
        self._export: Export | None = None
        self._next = 0

    def answer(self, request: Any) -> Any:
        """Raises KeyError or ValueError for what is no request."""
        if request["op"] == "convert":
            return convert(request["body"])
        if request["op"] == "read":
            return self._read(request)
        raise ValueError(f"{request['op']!r} is not an operation")

    def _read(self, request: Any) -> Any:
        if request["number"] == 0:
            self._export, self._next = Export(bodies=request["bodies"]), 0
        if self._export is None or request["number"] != self._next:
            return LOST
        self._next += 1
        try:
            data = b64decode(request["data"])
            return {"found": self._export.feed(data, last=request["last"])}
        except ExportError as error:
            self._export = None
            return {"refused": {"code": error.code, "line": error.line, "reason": error.reason}}
