"""A Git server over HTTPS on this machine, with Git's own backend, a password, and any fault."""

import atexit
import base64
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any

USER, TOKEN = "ada", "s3cret/t:ken"
EXPECTED = "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()


@dataclass
class Behaviour:
    """`status` answers everything with that; `cut` closes after so many bytes of a body; `moved`
    is where it sends to. `asked` are the authorisations that came."""

    status: int = 0
    cut: int | None = None
    moved: str = ""
    password: bool = False
    asked: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HttpsRemote:
    port: int
    certificate: Path
    behaviour: Behaviour

    def url(self, name: str = "made.git", user: str = "") -> str:
        return f"https://{user}localhost:{self.port}/{name}"


@cache
def certificate() -> tuple[Path, Path]:
    """(certificate, key) of localhost, by its own authority; made once in a process."""
    folder = Path(mkdtemp(prefix="whispercms-https-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return made


@contextmanager
def https_remote(folder: Path) -> Iterator[HttpsRemote]:
    """Serves the repositories below `folder`, for reading and writing."""
    behaviour = Behaviour()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, folder, behaviour)

        def do_POST(self) -> None:
            _answer(self, folder, behaviour)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    made, key = certificate()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield HttpsRemote(server.server_address[1], made, behaviour)
    finally:
        server.shutdown()
        server.server_close()


def _answer(request: BaseHTTPRequestHandler, folder: Path, behaviour: Behaviour) -> None:
    given = request.headers.get("Authorization")
    behaviour.asked.append(given)
    if behaviour.status or behaviour.moved:
        _plain(request, behaviour.status or 301, Location=behaviour.moved)
    elif behaviour.password and given != EXPECTED:
        _plain(request, 401, **{"WWW-Authenticate": 'Basic realm="git"'})
    else:
        _git(request, folder, behaviour.cut)


def _plain(request: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", "0")
    request.end_headers()


def _git(request: BaseHTTPRequestHandler, folder: Path, cut: int | None) -> None:
    path, _, query = request.path.partition("?")
    length = int(request.headers.get("Content-Length") or 0)
    values = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.receivepack",
        "GIT_CONFIG_VALUE_0": "true",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": request.command,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "CONTENT_LENGTH": str(length),
        "REMOTE_ADDR": "127.0.0.1",
    }
    done = subprocess.run(
        ["git", "http-backend"], input=request.rfile.read(length), env=values, capture_output=True
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
    headers = {name: value for name, value in lines}
    request.send_response(int(headers.pop("Status", "200").split()[0]))
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body if cut is None else body[:cut])
