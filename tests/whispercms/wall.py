"""Requests that no honest client sends, as bytes, and what may come of each. They go over a raw
socket, as a library for HTTP would not send them.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

PAGE = "/one/"
HOST = b"Host: localhost\r\n"
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
NOTHING = 0
"""The connection is closed without a word, or the server waits for the rest."""
QUIET, PATIENCE = 0.15, 1.0
"""Seconds without a byte: after an answer has begun, and before."""


@dataclass(frozen=True, slots=True)
class Strange:
    """`may` are the statuses of the first answer; there are never more answers than `most`."""

    name: str
    sent: bytes
    may: frozenset[int]
    most: int = 1

    def __str__(self) -> str:
        return self.name


def answered(port: int, sent: bytes) -> list[int]:
    """The statuses of what comes back, until the server closes or has nothing more to say."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as found:
        with suppress(OSError):
            found.sendall(sent)
        deadline = monotonic() + PATIENCE
        with suppress(OSError):
            while monotonic() < deadline:
                found.settimeout(QUIET if got else PATIENCE)
                part = found.recv(65536)
                if not part:
                    break
                got += part
    return [int(status) for status in STATUS.findall(got)]


def refused(name: str, sent: bytes, *more: int) -> Strange:
    return Strange(name, sent, frozenset({400, *more}))


def asked(name: str, line: bytes, *may: int, headers: bytes = HOST, body: bytes = b"") -> Strange:
    return Strange(
        name, line + b" HTTP/1.1\r\n" + headers + b"\r\n" + body, frozenset(may or {400})
    )


def header(name: str, lines: bytes, *may: int) -> Strange:
    return asked(name, b"GET /one/", *may, headers=HOST + lines)


def posted(name: str, lines: bytes, body: bytes, *may: int) -> Strange:
    """What follows the body must never be taken for a request."""
    may = may or (400, 405, 413, NOTHING)
    return asked(name, b"POST /one/", *may, headers=HOST + lines, body=body)


HIDDEN = b"GET /hidden/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
NO_CHUNKS = b"0\r\n\r\n"


def smuggled() -> Iterator[Strange]:
    """Two lengths of one body, one for a proxy and one for the server behind it."""
    yield posted("CL.TE", b"Content-Length: 6\r\n" + CHUNKED, NO_CHUNKS + HIDDEN)
    yield posted("TE.CL", CHUNKED + b"Content-Length: 3\r\n", b"8\r\nSMUGGLED\r\n0\r\n\r\n")
    for name, value in (
        ("TE.TE", b"chunked\r\nTransfer-Encoding: identity"),
        ("TE.TE, the first unknown", b"x\r\nTransfer-Encoding: chunked"),
        ("twice", b"chunked, chunked"),
        ("unknown", b"xchunked"),
        ("unknown after", b"chunked, x"),
        ("in quotes", b'"chunked"'),
        ("vertical tab", b"\x0bchunked"),
        ("trailing NUL", b"chunked\x00"),
        ("empty", b""),
    ):
        yield posted(f"TE {name}", b"Transfer-Encoding: " + value + b"\r\n", NO_CHUNKS)
    yield posted("TE with a space before the colon", b"Transfer-Encoding : chunked\r\n", NO_CHUNKS)
    yield posted("TE folded", b"Transfer-Encoding:\r\n chunked\r\n", NO_CHUNKS)
    yield posted("TE in the name", b"Transfer-Encoding\x00: chunked\r\n", NO_CHUNKS)
    for name, value in (
        ("two that differ", b"3\r\nContent-Length: 4"),
        ("two that agree", b"3\r\nContent-Length: 3"),
        ("a list", b"3, 3"),
        ("a plus", b"+3"),
        ("a minus", b"-3"),
        ("a space within", b"3 0"),
        ("hexadecimal", b"0x3"),
        ("an underscore", b"1_0"),
        ("a fraction", b"3.0"),
        ("empty", b""),
        ("far too large", b"9" * 30),
        ("other digits", "٣".encode()),
    ):
        yield posted(f"CL {name}", b"Content-Length: " + value + b"\r\n", b"abc")
    yield posted("CL with a space before the colon", b"Content-Length : 3\r\n", b"abc")
    yield posted("CL of GET", b"Content-Length: 3\r\n", b"abc")
    sent = b"GET /one/ HTTP/1.1\r\n" + HOST + b"Content-Length: 43\r\n\r\n"
    yield Strange("GET with a body", sent + b"x" * 43, frozenset({413}))
    sent = b"GET /one/ HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n"
    yield Strange("GET with chunks", sent + b"1\r\nx\r\n0\r\n\r\n", frozenset({413}))
    sent = b"POST /one/ HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n" + NO_CHUNKS
    yield Strange("chunks in HTTP/1.0", sent, frozenset({400, 405, 413}))


def chunked() -> Iterator[Strange]:
    for name, body in (
        ("an extension", b"1;a=b\r\nx\r\n0\r\n\r\n"),
        ("a long extension", b"1;" + b"a" * 100_000 + b"\r\nx\r\n0\r\n\r\n"),
        ("a bare LF in an extension", b"1;a\nb\r\nx\r\n0\r\n\r\n"),
        ("no number", b"zz\r\nx\r\n0\r\n\r\n"),
        ("a negative one", b"-1\r\nx\r\n0\r\n\r\n"),
        ("0x", b"0x1\r\nx\r\n0\r\n\r\n"),
        ("more than 64 bits", b"FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n"),
        ("bare LF", b"1\nx\n0\n\n"),
        ("longer than told", b"1\r\nxyz\r\n0\r\n\r\n"),
        ("no end", b"1\r\nx\r\n"),
        ("trailers", b"0\r\nX: y\r\nHost: evil.example\r\n\r\n"),
        ("many trailers", b"0\r\n" + b"X: y\r\n" * 1000 + b"\r\n"),
    ):
        yield posted(f"chunk: {name}", CHUNKED, body)


def lined() -> Iterator[Strange]:
    bare = Strange("bare LF", b"GET /one/ HTTP/1.1\nHost: localhost\n\n", frozenset({200, 400, 0}))
    yield bare
    yield refused("bare CR", b"GET /one/ HTTP/1.1\rHost: localhost\r\r", NOTHING)
    yield header("bare CR in a value", b"X: a\rb\r\n")
    yield header("bare LF in a value", b"X: a\nb\r\n")
    yield header("obsolete folding", b"X: a\r\n b\r\n", 200, 400)
    ended = b"GET /one/ HTTP/1.1\r\n" + HOST + b"\r\n X: a\r\n\r\n"
    yield Strange("folding after the end", ended, frozenset({200, 400}), most=2)
    yield asked("folding at once", b"GET /one/", headers=b" X: a\r\n" + HOST)
    for name, octet in (("NUL", b"\0"), ("SOH", b"\x01"), ("ESC", b"\x1b"), ("DEL", b"\x7f")):
        yield header(f"{name} in a value", b"X: a" + octet + b"b\r\n")
        yield header(f"{name} in a name", b"X" + octet + b": a\r\n")
        yield asked(f"{name} in the path", b"GET /o" + octet + b"ne/", 400)
    yield header("no colon", b"nothing\r\n")
    yield header("no name", b": a\r\n")
    yield header("a space in a name", b"X Y: a\r\n")
    yield header("a space before the colon", b"X : a\r\n")
    yield header("not ASCII in a name", b"X\xe9: a\r\n")
    yield header("not ASCII in a value", b"X: \xe9\xff\r\n", 200)
    yield header("a parenthesis in a name", b"X(: a\r\n")


def hosted() -> Iterator[Strange]:
    for name, lines, status in (
        ("none", b"", 400),
        ("empty", b"Host:\r\n", 400),
        ("two", HOST + b"Host: evil.example\r\n", 400),
        ("the same twice", HOST + HOST, 400),
        ("a list", b"Host: localhost, evil.example\r\n", 400),
        ("a path", b"Host: localhost/evil\r\n", 400),
        ("a user", b"Host: localhost@evil.example\r\n", 400),
        ("a port that is none", b"Host: localhost:evil\r\n", 400),
        ("an unknown one", b"Host: evil.example\r\n", 421),
        ("an unknown one with a known port", b"Host: evil.example:80\r\n", 421),
        ("not ASCII", b"Host: l\xc3\xb6calhost\r\n", 400),
        ("ours in capitals with a dot and a port", b"HOST: LOCALHOST.:1\r\n", 200),
    ):
        yield asked(f"host: {name}", b"GET /one/", status, headers=lines)
    yield Strange("HTTP/1.0 without a host", b"GET /one/ HTTP/1.0\r\n\r\n", frozenset({400}))


def targeted() -> Iterator[Strange]:
    yield asked("absolute form", b"GET http://localhost/one/", 200, 400)
    yield asked("absolute form of another host", b"GET http://evil.example/one/", 200, 400, 421)
    yield asked("absolute form without a path", b"GET http://localhost", 200, 400)
    yield asked("asterisk form", b"OPTIONS *", 405)
    yield asked("asterisk form of GET", b"GET *", 400)
    yield asked("authority form", b"CONNECT localhost:80", 405, NOTHING)
    yield asked("authority form of GET", b"GET localhost:80", 400)
    yield asked("a relative path", b"GET one/", 400)
    yield asked("a space in the path", b"GET /one /", 400)
    yield asked("a fragment", b"GET /one/#two", 200, 400, 404)
    yield asked("not UTF-8", b"GET /\xff", 400)
    yield asked("not UTF-8, encoded", b"GET /%ff", 400)
    yield asked("overlong", b"GET /%c0%af", 400)
    yield asked("an encoded NUL", b"GET /one%00/", 400)
    yield asked("an encoded line", b"GET /one%0d%0aX:%20y", 400)
    yield asked("a backslash", b"GET /..\\one/", 400)
    yield asked("an encoded backslash", b"GET /..%5cone/", 400)
    yield asked("dot segments", b"GET /a/../one/", 301)
    yield asked("encoded dot segments", b"GET /%2e%2e/%2e%2e/etc/passwd", 301)
    yield asked("an encoded slash between dots", b"GET /..%2f..%2fetc/passwd", 301)
    yield asked("two slashes", b"GET //evil.example/one/", 301)
    yield asked("a line in the query", b"GET /one/?a=%0d%0aX:y", 200)
    for name, method, status in (
        ("an unknown method", b"BREW", 405),
        ("a method in small letters", b"get", 405),
        ("TRACE", b"TRACE", 405),
        ("DELETE", b"DELETE", 405),
        ("PATCH", b"PATCH", 405),
        ("OPTIONS", b"OPTIONS", 405),
    ):
        yield asked(name, method + b" /one/", status)
    yield asked("a method that is no token", b"G@T /one/", 400, 405)
    yield asked("a method of 10,000 letters", b"A" * 10_000 + b" /one/", 400, 405, 431, NOTHING)


def sized() -> Iterator[Strange]:
    yield asked("a path of 9 KiB", b"GET /" + b"a" * 9 * 1024, 414)
    yield asked("a query of 9 KiB", b"GET /one/?" + b"a" * 9 * 1024, 414)
    yield asked("a line of 64 KiB", b"GET /" + b"a" * 65536, 414, 431, NOTHING)
    yield asked("a line of 4 MB", b"GET /" + b"a" * 4_000_000, 414, 431, NOTHING)
    yield header("a header of 20 KiB", b"X: " + b"a" * 20_000 + b"\r\n", 200, 431, NOTHING)
    yield header("a header of 40 KiB", b"X: " + b"a" * 40_000 + b"\r\n", 200, 431, NOTHING)
    yield header("a header of 100 KB", b"X: " + b"a" * 100_000 + b"\r\n", 431, NOTHING)
    yield header("a header of 4 MB", b"X: " + b"a" * 4_000_000 + b"\r\n", 431, NOTHING)
    yield header("101 headers", b"".join(b"X%d: a\r\n" % n for n in range(101)), 400, 431)
    yield header("10,000 headers", b"X: a\r\n" * 10_000, 400, 431, NOTHING)
    yield header("one header 1,000 times", b"X: a\r\n" * 1000, 400, 431)
    yield header("a head without an end", b"X: a\r\n" * 100_000, 400, 431, NOTHING)


def spoken() -> Iterator[Strange]:
    yield refused("HTTP/0.9", b"GET /one/\r\n\r\n")
    yield refused("HTTP/1.2", b"GET /one/ HTTP/1.2\r\n" + HOST + b"\r\n", 200, 505)
    yield refused("HTTP/3.7", b"GET /one/ HTTP/3.7\r\n" + HOST + b"\r\n", 505)
    yield refused("HTTP/9999999999.1", b"GET / HTTP/9999999999.1\r\n" + HOST + b"\r\n", 505)
    yield refused("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NOTHING)
    yield refused("a hello of TLS", bytes.fromhex("16030100c8010000c40303") + bytes(200), NOTHING)
    yield refused("a PROXY line", b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET / HTTP/1.1\r\n\r\n")
    yield refused("an SSH client", b"SSH-2.0-OpenSSH_9.6\r\n", NOTHING)
    yield refused("spaces first", b"  GET /one/ HTTP/1.1\r\n" + HOST + b"\r\n")
    yield refused("lines first", b"\r\n\r\nGET /one/ HTTP/1.1\r\n" + HOST + b"\r\n", 200)
    yield refused("nonsense", bytes(range(256)) * 4, NOTHING)
    yield Strange("nothing at all", b"", frozenset({NOTHING}))
    yield Strange("half a line", b"GET /on", frozenset({NOTHING}))
    yield Strange("half a head", b"GET /one/ HTTP/1.1\r\n" + HOST, frozenset({NOTHING}))
    upgrade = b"Connection: Upgrade\r\nUpgrade: "
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    yield header("an upgrade to a WebSocket", upgrade + b"websocket\r\n" + key, 200, 403, 404)
    settings = b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
    h2c = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + settings
    yield header("an upgrade to HTTP/2", h2c, 200)
    yield posted("Expect", b"Content-Length: 3\r\nExpect: 100-continue\r\n", b"", 100, 405, 413)
    yield posted("an unknown Expect", b"Content-Length: 3\r\nExpect: x\r\n", b"abc", 405, 413, 417)
    two = b"GET /one/ HTTP/1.1\r\n" + HOST + b"\r\n"
    yield Strange("two in one go", two * 2, frozenset({200}), most=2)
    yield Strange("fifty in one go", two * 50, frozenset({200}), most=50)
    bad = b"GET /one/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    yield Strange("a refused one and another", bad + two, frozenset({421}), most=2)


WALL = (
    *(*smuggled(), *chunked(), *lined(), *hosted()),
    *(*targeted(), *sized(), *spoken()),
)
SAMPLE = tuple(
    each
    for each in WALL
    if each.name
    in {
        *("CL.TE", "TE TE.TE", "CL two that differ", "bare CR in a value", "NUL in a value"),
        *("host: two", "host: an unknown one", "asterisk form of GET", "dot segments"),
        *("GET with a body", "10,000 headers", "HTTP/0.9", "authority form of GET"),
    }
)
