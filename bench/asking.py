"""One visitor's connection, which keeps the whole of each answer so that it can be looked at."""

import gzip
import re
import socket
import zlib
from dataclasses import dataclass

from bench.load import EMPTY, HOST, LENGTH, RECEIVE, STATUS

STALL_SECONDS = 15.0
BODILESS = (EMPTY, b"204")
PACKED = b"\r\ncontent-encoding: gzip"
ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.I)


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer as it came."""

    status: int
    head: bytes
    body: bytes

    @property
    def tag(self) -> str | None:
        found = ETAG.search(self.head)
        return found[1].decode() if found else None

    @property
    def content(self) -> bytes:
        """The body as it is read. Raises ValueError where it cannot be."""
        if PACKED not in self.head.lower():
            return self.body
        try:
            return gzip.decompress(self.body)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(error) from error


class Visitor:
    """Asks one thing at a time over a connection that is kept."""

    __slots__ = ("_received", "_rest", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=STALL_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._rest = -1

    def ask(self, path: str, *headers: str) -> None:
        lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}", *headers, "", "")
        self._received, self._rest = b"", -1
        self.socket.sendall("\r\n".join(lines).encode())

    def take(self) -> Whole | None:
        """What has come, once it is all there. Raises OSError, ConnectionError among them."""
        data = self.socket.recv(RECEIVE)
        if not data:
            raise ConnectionError("closed by the server")
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or len(self._received) < end + 4 + self._length(end):
            return None
        head, body = self._received[:end], self._received[end + 4 :]
        return Whole(int(head[STATUS]), head, body)

    def _length(self, end: int) -> int:
        if self._rest < 0:
            found = LENGTH.search(self._received, 0, end)
            if found is None and self._received[STATUS] not in BODILESS:
                raise ConnectionError("an answer without content-length")
            empty = self._received[STATUS] in BODILESS
            self._rest = int(found[1]) if found and not empty else 0
        return self._rest

    def close(self) -> None:
        self.socket.close()
