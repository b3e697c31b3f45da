"""Daphne, which by itself drops what is under way when it is told to stop: here it answers that
first. `python -m whispercms.draining --host HOST --port PORT whispercms.asgi:application`
"""

import signal
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from importlib import import_module
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

# The reactor is chosen by the first of these.
from daphne import server
from daphne.http_protocol import WebRequest
from OpenSSL import SSL
from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred
from twisted.internet.ssl import ContextFactory
from twisted.protocols.tls import TLSMemoryBIOFactory

from apps.console.writing.bounds import UPLOAD_BYTES
from whispercms.servers import DRAIN_SECONDS

LOOK_SECONDS: Final = 0.02
BACKLOG: Final = 1024
reactor: Any = _reactor
CONSOLE, SESSION = b"/admin/", b"sessionid="
STRANGER_BYTES: Final = 64 * 1024
"""Of a body from somebody who does not even say that they are logged in."""
LARGEST: Final = UPLOAD_BYTES + 1024 * 1024
"""Of a form with files, from somebody who may be logged in."""
TOO_LARGE: Final = (
    b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 31\r\n\r\n"
    b"This is more than may be sent.\n"
)


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """Takes no more of a body than may be sent: what is received is written to the disk before
    anybody has looked at it."""

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        cookies = b";".join(self.requestHeaders.getRawHeaders(b"cookie", []))
        known = CONSOLE in self.channel._path and SESSION in cookies
        self._left, self._refused = LARGEST if known else STRANGER_BYTES, False
        is_more = length is not None and length > self._left
        super().gotLength(0 if is_more else length)
        if is_more:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self._left -= len(data)
        if self._left < 0:
            self._refuse()
        elif not self._refused:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        if not self._refused:
            self._refused = True
            self.channel.transport.write(TOO_LARGE)
            self.channel.loseConnection()


class Draining(server.Server):  # type: ignore[misc]
    """Stops listening, answers what is under way, and ends."""

    def __init__(self, secure: "Secure | None" = None, **options: Any) -> None:
        self._secure, self._ports = secure, list[Any]()
        self._connections: WeakSet[Any] = WeakSet()
        super().__init__(**options)

    @property
    def http_factory(self) -> Any:
        return self._factory

    @http_factory.setter
    def http_factory(self, factory: Any) -> None:
        """Daphne sets what its ports are given; each connection is remembered."""
        build = factory.buildProtocol

        def remembering(address: Any) -> Any:
            made = build(address)
            made.requestFactory = BoundedRequest
            self._connections.add(made)
            return made

        factory.buildProtocol = remembering
        factory.acceptableProtocols = lambda: [b"http/1.1"]
        secure: Any = self._secure
        self._factory = TLSMemoryBIOFactory(secure, False, factory) if secure else factory

    def listen_success(self, port: Any) -> None:
        self._ports.append(port)
        super().listen_success(port)

    def kill_all_applications(self) -> Deferred[None]:
        """What daphne calls before its reactor ends."""
        for port in self._ports:
            port.stopListening()
        done: Deferred[None] = Deferred()
        self._drain(done, monotonic() + DRAIN_SECONDS)
        return done

    def _drain(self, done: Deferred[None], deadline: float) -> None:
        busy = {id(request.channel) for request in self._under_way()}
        left = [each._channel for each in self._connections if _is_open(each._channel)]
        for channel in left:
            if id(channel) not in busy:
                channel.loseConnection()
        if (left or busy) and monotonic() < deadline:
            reactor.callLater(LOOK_SECONDS, self._drain, done, deadline)
            return
        for details in self.connections.values():
            if application := details.get("application_instance"):
                application.cancel()
        done.callback(None)

    def _under_way(self) -> Iterator[Any]:
        for request, details in self.connections.items():
            application = details.get("application_instance")
            if isinstance(request, WebRequest) and application and not application.done():
                yield request


def _is_open(channel: Any) -> bool:
    """What TLS wraps says of itself that it is connected for ever."""
    wrapping = channel.transport
    transport = getattr(wrapping, "transport", wrapping)
    return transport is not None and bool(transport.connected)


class Secure(ContextFactory):
    """TLS 1.2 or later, with the whole chain of the certificate's file."""

    def __init__(self, certificate: str, key: str) -> None:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.use_certificate_chain_file(certificate)
        context.use_privatekey_file(key)
        context.check_privatekey()
        self._context = context

    def getContext(self) -> SSL.Context:  # noqa: N802
        return self._context


def main(arguments: list[str]) -> None:
    told = _parsed(arguments)
    module, _, name = told.application.partition(":")
    secure = Secure(told.certificate, told.key) if told.certificate else None
    listening = socket.create_server((told.host, told.port), backlog=BACKLOG, reuse_port=told.share)
    listening.setblocking(False)
    Draining(
        secure,
        application=getattr(import_module(module), name),
        endpoints=[f"fd:fileno={listening.fileno()}"],
        verbosity=0,
        server_name="",
    ).run()
    # Ctrl+C is told to all processes, and whoever watches over this one tells it again: by then
    # there is no reactor to be woken, and the handler that it leaves behind does nothing.
    signal.set_wakeup_fd(-1)


def _parsed(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="whispercms.draining")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--share", action="store_true", help="the port, with other processes")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("application")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
