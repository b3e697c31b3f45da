"""Starts what is measured as an operator would, waits for its first answer, ends it for sure."""

import http.client
import json
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.load import HOST, ROOT
from bench.report import BenchError
from bench.run import Run
from whispercms.servers import ASGI, SERVERS, Listening, line

READY = "/readyz"
START_SECONDS, POLL_SECONDS, ANSWER_SECONDS = 90.0, 0.005, 30.0
LOG_CHARACTERS = 1500
REPLY = "BENCH_REPLY"
"""Names the file of the answer that a bare application gives."""
OFF = {"WHISPERCMS_CACHE_MEGABYTES": "0"}
CONNECTION_HEADERS = frozenset({"connection", "date", "server", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def write(self, path: Path) -> None:
        """For the applications of `bench.floor` and `bench.bare`: what is not the server's own."""
        headers = [each for each in self.headers if each[0] not in CONNECTION_HEADERS]
        path.write_text(json.dumps({"headers": headers, "body": self.body.decode("latin-1")}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that has answered; `seconds` is how long that took from nothing."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds: float

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises OSError or HTTPException while nobody listens."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            named = tuple((name.lower(), value) for name, value in response.getheaders())
            return Answer(response.status, response.read(), named)
        finally:
            connection.close()

    def tree(self) -> list[processes.Process]:
        return processes.tree(self.process.pid)


@contextmanager
def web(
    run: Run,
    state: Path,
    settings: Mapping[str, str] | None = None,
    *,
    until: str = READY,
    pinned: bool = False,
) -> Iterator[Server]:
    """What the Procfile's `web` says, until this address answers 200."""
    line = next(x for x in (ROOT / "Procfile").read_text().splitlines() if x.startswith("web:"))
    arguments = [sys.executable if x == "python" else x for x in shlex.split(line)[1:]]
    port = free_port()
    environment = {**run.environment(state, run.site), **(settings or {}), "PORT": str(port)}
    with started(run, arguments, environment, port, (until, pinned)) as server:
        yield server


@contextmanager
def daphne(
    run: Run,
    state: Path,
    settings: Mapping[str, str] | None = None,
    *,
    pinned: bool = False,
) -> Iterator[Server]:
    """The same site behind daphne, as the console's node runs it."""
    environment = {**run.environment(state, run.site), **(settings or {})}
    with like(run, "daphne", ASGI, environment, path=READY, pinned=pinned) as server:
        yield server


@contextmanager
def like(
    run: Run,
    name: str,
    application: str,
    environment: Mapping[str, str],
    *,
    path: str = "/",
    pinned: bool = False,
) -> Iterator[Server]:
    """Any application behind a server, with the options that `serve` gives it."""
    port = free_port()
    told = line(SERVERS[name], Listening(host=HOST, port=port))
    arguments = [sys.executable, *told[:-1], application]
    with started(run, arguments, environment, port, (path, pinned)) as server:
        yield server


@contextmanager
def started(
    run: Run,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    port: int,
    waiting: tuple[str, bool],
) -> Iterator[Server]:
    """Runs a command until `waiting`'s path answers 200 at the port; ends it and all its family."""
    path, pinned = waiting
    log = run.folder / f"server-{port}.log"
    with log.open("wb") as output, processes.on(run.cores.server if pinned else frozenset()):
        start = time.perf_counter()
        process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(Server(process=process, port=port, seconds=0), path, start, log)
        yield Server(process=process, port=port, seconds=time.perf_counter() - start)
    finally:
        processes.end(process)


def _wait(server: Server, path: str, start: float, log: Path) -> None:
    while time.perf_counter() - start < START_SECONDS and server.process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            if server.get(path).status == http.HTTPStatus.OK:
                return
        time.sleep(POLL_SECONDS)
    said = log.read_text(errors="replace")[-LOG_CHARACTERS:]
    raise BenchError(f"the server did not answer {path}:\n{said}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
