"""Starts what is measured as an operator would, waits for its first answer, ends it for sure."""

import http.client
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

READY = "/readyz"
START_SECONDS, POLL_SECONDS, ANSWER_SECONDS = 90.0, 0.005, 30.0
LOG_CHARACTERS = 1500
BODY_BYTES = "BENCH_BODY_BYTES"
"""Tells the bare project, which must not be imported here, how large its page is."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that has answered; `seconds` is how long that took from nothing."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds: float

    def get(self, path: str) -> Answer:
        """Raises OSError or HTTPException while nobody listens."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return Answer(response.status, response.read())
        finally:
            connection.close()

    def tree(self) -> list[processes.Process]:
        return processes.tree(self.process.pid)

    def server_arguments(self) -> list[str]:
        """How the web server below was started: with which options, on which application."""
        for process in self.tree():
            if "-m" in process.arguments and str(self.port) in process.arguments:
                return list(process.arguments)
        raise BenchError("no server's command line was found below the Procfile's web")


@contextmanager
def web(run: Run, state: Path, *, pinned: bool = False) -> Iterator[Server]:
    """What the Procfile's `web` says, until /readyz answers 200."""
    line = next(x for x in (ROOT / "Procfile").read_text().splitlines() if x.startswith("web:"))
    arguments = [sys.executable if x == "python" else x for x in shlex.split(line)[1:]]
    port = _free_port()
    environment = {**run.environment(state, run.site), "PORT": str(port)}
    with _started(run, arguments, environment, port, (READY, pinned)) as server:
        yield server


@contextmanager
def daphne(run: Run, state: Path, *, pinned: bool = False) -> Iterator[Server]:
    """The same site behind daphne, as the console's node runs it."""
    port = _free_port()
    arguments = _daphne(port, "whispercms.asgi:application")
    environment = run.environment(state, run.site)
    with _started(run, arguments, environment, port, (READY, pinned)) as server:
        yield server


@contextmanager
def bare_like(
    run: Run, other: Sequence[str], size: int, *, pinned: bool = False
) -> Iterator[Server]:
    """A bare Django view behind the server that `other` is the command line of."""
    port = _free_port()
    arguments = [*other[:-1], f"bench.bare:{'asgi' if 'daphne' in other else 'wsgi'}"]
    for option, value in (("--port", str(port)), ("-p", str(port)), ("--host", HOST)):
        if option in arguments:
            arguments[arguments.index(option) + 1] = value
    environment = {**run.environment(run.folder, run.site), BODY_BYTES: str(size)}
    with _started(run, arguments, environment, port, ("/", pinned)) as server:
        yield server


def _daphne(port: int, application: str) -> list[str]:
    return [sys.executable, "-m", "daphne", "-b", HOST, "-p", str(port), application]


@contextmanager
def _started(
    run: Run,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    port: int,
    waiting: tuple[str, bool],
) -> Iterator[Server]:
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
