"""A request as a server would hand it over, ASGI's way or WSGI's."""

from apps.delivery.asgi import ScopeIncoming
from apps.delivery.incoming import Incoming
from apps.delivery.wsgi import EnvironIncoming

HOST = ("host", "example.org")
Header = tuple[str, str]


def by_asgi(
    *headers: Header,
    method: str = "GET",
    path: str = "/",
    query: str = "",
    peer: str | None = "192.0.2.7",
) -> Incoming:
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return ScopeIncoming(
        {
            "method": method,
            "path": path,
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "headers": lines,
            "client": (peer, 1) if peer else None,
        }
    )


def by_wsgi(
    *headers: Header,
    method: str = "GET",
    path: str = "/",
    query: str = "",
    peer: str | None = "192.0.2.7",
) -> Incoming:
    """Lines of one name are joined with a comma, as granian does."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    for name, value in headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return EnvironIncoming({**environ, "REMOTE_ADDR": peer or ""})
