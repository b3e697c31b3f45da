"""The servers that `serve` can start: one table of what each is told, so that all of them have the
same port, processes, certificate, bounds and way of stopping.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

THREADS: Final = 16
"""Of a WSGI server, for each process: as many as large files may be sent at once, and four."""
DRAIN_SECONDS: Final = 10
"""At a stop requests under way are answered within this time; the supervisor waits longer."""
HEADER_SECONDS: Final = 10
"""For the whole head of a request, where the server has such a bound."""
IDLE_SECONDS: Final = 5
"""Of a connection that is kept open."""
HEADER_BYTES: Final = 32 * 1024
LINE_BYTES, FIELD_BYTES, FIELDS = 8190, 8190, 100
STREAMS: Final = 100
"""Of one HTTP/2 connection."""
CONSOLE: Final = "daphne"
GRANIAN: Final = "granian"
ASGI, WSGI = "whispercms.asgi:application", "whispercms.wsgi:application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where and how to listen; the certificate and its key are both there or neither."""

    host: str
    port: int
    processes: int = 1
    certificate: Path | None = None
    key: Path | None = None
    is_proxied: bool = False

    @property
    def bind(self) -> str:
        return f"{self.host}:{self.port}"

    def tls(self, certificate: str, key: str) -> list[str]:
        """The two options of these names, where there is TLS."""
        if self.certificate is None or self.key is None:
            return []
        return [certificate, str(self.certificate), key, str(self.key)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`options` come after the module that is run, and before the application. Where it cannot run
    `processes` of its own, as many programs share the port. Where it does not say the Date, we do
    (RFC 9110, 6.6.1)."""

    name: str
    run: str
    application: str
    options: Callable[[Listening], list[str]]
    runs_processes: bool = True
    says_date: bool = True

    def is_installed(self) -> bool:
        return find_spec(self.name) is not None


def chosen(name: str, *, console: bool) -> Server:
    """The console needs WebSockets and Django's ASGI application, whatever is set."""
    return SERVERS[CONSOLE if console else name]


def line(server: Server, listening: Listening) -> list[str]:
    """What follows the interpreter."""
    return ["-m", server.run, *server.options(listening), application(server, listening)]


def application(server: Server, to: Listening) -> str:
    """Granian's WSGI takes `X_Forwarded_For`, which many proxies pass on from whoever asks, for the
    `X-Forwarded-For` that is theirs; its ASGI tells them apart, and costs more."""
    return ASGI if to.is_proxied and server.name == GRANIAN else server.application


def missing(server: Server) -> str | None:
    """What to tell an operator who chose one that is not there."""
    if server.is_installed():
        return None
    return f"the server {server.name} is not installed. Run: pip install {server.name}"


def _granian(to: Listening) -> list[str]:
    secure = to.tls("--ssl-certificate", "--ssl-keyfile")
    return [
        *(("--interface", "asgi") if to.is_proxied else _WSGI),
        *("--host", to.host, "--port", str(to.port), "--workers", str(to.processes)),
        *("--no-ws", "--log-level", "warning", "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(DRAIN_SECONDS)),
        *("--http1-header-read-timeout", str(HEADER_SECONDS * 1000)),
        *("--http1-buffer-size", str(HEADER_BYTES)),
        *(("--http", "auto", *_http2(), "--ssl-protocol-min", "tls1.2") if secure else _HTTP1),
        *secure,
    ]


_HTTP1: Final = ("--http", "1")
_WSGI: Final = ("--interface", "wsgi", "--blocking-threads", str(THREADS))


def _http2() -> tuple[str, ...]:
    bounds = ("--http2-max-headers-size", str(HEADER_BYTES))
    return (*bounds, "--http2-max-concurrent-streams", str(STREAMS))


def _daphne(to: Listening) -> list[str]:
    share = ["--share"] if to.processes > 1 else []
    where = ["--host", to.host, "--port", str(to.port)]
    return [*where, *share, *to.tls("--certificate", "--key")]


def _uvicorn(to: Listening) -> list[str]:
    return [
        *("--host", to.host, "--port", str(to.port), "--workers", str(to.processes)),
        *("--lifespan", "on", "--interface", "asgi3", "--log-level", "warning", "--no-access-log"),
        # It believes proxies of its own accord, and only h11 has a bound on the head.
        *("--no-proxy-headers", "--no-server-header", "--http", "h11"),
        *("--h11-max-incomplete-event-size", str(HEADER_BYTES)),
        *("--timeout-keep-alive", str(IDLE_SECONDS)),
        *("--timeout-graceful-shutdown", str(DRAIN_SECONDS)),
        *to.tls("--ssl-certfile", "--ssl-keyfile"),
    ]


def _gunicorn(to: Listening) -> list[str]:
    return [
        # Without it a file of the folder that somebody stands in would be run.
        *("--config", "python:whispercms"),
        *("--bind", to.bind, "--workers", str(to.processes)),
        *("--worker-class", "gthread", "--threads", str(THREADS)),
        *("--graceful-timeout", str(DRAIN_SECONDS), "--keep-alive", str(IDLE_SECONDS)),
        *("--limit-request-line", str(LINE_BYTES), "--limit-request-fields", str(FIELDS)),
        *("--limit-request-field_size", str(FIELD_BYTES), "--forwarded-allow-ips", ""),
        *("--log-level", "warning", "--no-control-socket"),
        *to.tls("--certfile", "--keyfile"),
    ]


def _hypercorn(to: Listening) -> list[str]:
    return [
        *("--bind", to.bind, "--workers", str(to.processes), "--log-level", "WARNING"),
        *("--graceful-timeout", str(DRAIN_SECONDS), "--keep-alive", str(IDLE_SECONDS)),
        *("--read-timeout", str(HEADER_SECONDS)),
        *to.tls("--certfile", "--keyfile"),
    ]


def _table(*servers: Server) -> Mapping[str, Server]:
    return MappingProxyType({each.name: each for each in servers})


SERVERS: Final = _table(
    Server(name=GRANIAN, run="granian", application=WSGI, options=_granian),
    Server(
        name="daphne",
        run="whispercms.draining",
        application=ASGI,
        options=_daphne,
        says_date=False,
        runs_processes=False,
    ),
    Server(name="uvicorn", run="uvicorn", application=ASGI, options=_uvicorn),
    Server(name="gunicorn", run="gunicorn", application=WSGI, options=_gunicorn),
    Server(name="hypercorn", run="hypercorn", application=ASGI, options=_hypercorn),
)
