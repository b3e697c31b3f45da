"""Granian's worker in the process that is forked for it: without a second process that would do
nothing but watch over it, which `serve` does for all its programs.
"""

from typing import Any, Final

from django.conf import settings

from apps.runtime import kernel
from apps.runtime.unseen import unseen
from whispercms import servers
from whispercms.servers import Listening

# WSGI has no event loop, and Granian would load one all the same.
with unseen(*(() if settings.INSTANCE.web.trusted_proxies else ("uvloop",))):
    from granian.constants import HTTPModes, Interfaces, Loops, SSLProtocols
    from granian.http import HTTP1Settings, HTTP2Settings
    from granian.log import LogLevels
    from granian.server.mp import MPServer

TLS: Final = SSLProtocols.tls12
ARENAS: Final = 2
"""Of memory: Python's threads take turns anyway, and Granian's own are two."""
HTTP2: Final = HTTP2Settings(
    max_headers_size=servers.HEADER_BYTES, max_concurrent_streams=servers.STREAMS
)


def serve(listening: Listening) -> None:
    """Until SIGTERM or SIGINT, and until what is under way is answered. What `line` of `servers`
    makes `python -m granian` do."""
    kernel.bound_arenas(ARENAS)
    _Alone(**options(listening)).serve()


def options(to: Listening) -> dict[str, Any]:
    """As Granian's own command line makes them of the options that `servers` has for it."""
    target = servers.application(servers.SERVERS[servers.GRANIAN], to)
    is_asgi = target == servers.ASGI
    return {
        "target": target,
        "address": to.host,
        "port": to.port,
        "interface": Interfaces.ASGI if is_asgi else Interfaces.WSGI,
        "blocking_threads": None if is_asgi else servers.THREADS,
        "loop": Loops.auto,
        "http": HTTPModes.auto if to.certificate else HTTPModes.http1,
        "websockets": False,
        "http1_settings": HTTP1Settings(
            header_read_timeout=servers.HEADER_SECONDS * 1000,
            max_buffer_size=servers.HEADER_BYTES,
        ),
        "http2_settings": HTTP2 if to.certificate else HTTP2Settings(),
        "log_level": LogLevels.warning,
        "ssl_cert": to.certificate,
        "ssl_key": to.key,
        "ssl_protocol_min": TLS if to.certificate else SSLProtocols.tls13,
    }


class _Alone(MPServer):
    """What the worker is told is told to this process."""

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        self._init_shared_socket()  # type: ignore[no-untyped-call]
        worker = self._spawn_worker(0, spawn_target, target_loader)
        worker.inner.run()
