"""What is sent to the console is bounded before any of it is kept, and more so from strangers."""

import socket
from pathlib import Path

import pytest

from tests.whispercms.nodes import Instance, made
from whispercms.draining import LARGEST, STRANGER_BYTES

pytestmark = pytest.mark.long
LOGIN = b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
KNOWN = b"Cookie: sessionid=guessed\r\n"


def said(instance: Instance, head: bytes, *bodies: bytes) -> bytes:
    """The status of the answer."""
    with socket.create_connection(("127.0.0.1", instance.port), timeout=20) as connection:
        connection.sendall(head)
        for body in bodies:
            try:
                connection.sendall(body)
            except OSError:
                break
        return connection.recv(4096).partition(b" ")[2][:3]


def test_no_more_is_taken_than_may_be_sent(tmp_path: Path) -> None:
    _, instance = made(tmp_path, CONSOLE="1")
    with instance.started():

        def declared(length: int, *more: bytes) -> bytes:
            head = LOGIN + FORM + b"".join(more) + b"Content-Length: %d\r\n\r\n" % length
            return said(instance, head, b"x" * min(length, STRANGER_BYTES + 1))

        assert declared(STRANGER_BYTES + 1) == b"413"
        assert declared(STRANGER_BYTES) == b"403"
        assert declared(STRANGER_BYTES + 1, KNOWN) == b"403"
        assert declared(LARGEST + 1, KNOWN) == b"413"
        chunked = LOGIN + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
        piece = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        assert said(instance, chunked, *[piece] * 3, b"0\r\n\r\n") == b"403"
        assert said(instance, chunked, *[piece] * 5, b"0\r\n\r\n") == b"413"
        assert instance.get("/one/").status == 200
