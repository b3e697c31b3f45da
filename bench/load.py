"""Load on one address of this machine: `wrk` where it is installed, else a generator of our own.

Ours runs in a process of its own: one thread, raw sockets kept alive, one request at a time each.
"""

import gc
import json
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.processes import on
from bench.report import BenchError

HOST = "127.0.0.1"
CONNECTIONS = 100
MOST_REQUESTS = 1_000_000
MOST_SECONDS = 30.0
STALL_SECONDS = 10.0
WARM_SECONDS = 0.3
RECEIVE = 256 * 1024
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
STATUS = slice(9, 12)
EMPTY, ERROR = b"304", 400
ROOT = Path(__file__).resolve().parent.parent
WRK_SCRIPT = """
done = function(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "failed": %d, "errors": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, failed, summary.errors.status))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it. `p50` and `p95` are in ms; `errors` counts answers of status 400 and above,
    `busy` is the generator's own share of a core, where it is ours."""

    requests: int
    seconds: float
    p50: float
    p95: float
    failed: int
    errors: int
    busy: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "bench/load.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, which every connection repeats; `status` is what every answer must have."""

    port: int
    path: str
    status: int = 200
    headers: tuple[str, ...] = ()
    connections: int = CONNECTIONS


def load(asked: Asked, seconds: float, cores: frozenset[int], *, warm: bool = True) -> Load:
    """Raises BenchError when a request got no answer, or one of another kind. Without `warm` the
    first one counts too."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script, on(cores):
        script.write(WRK_SCRIPT)
        script.flush()
        installed = shutil.which("wrk")
        done = subprocess.run(
            _wrk(asked, seconds, script.name) if installed else _own(asked, seconds, warm=warm),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS + 2 * STALL_SECONDS,
        )
    if done.returncode:
        raise BenchError(f"no load on {asked.path}: {done.stderr.strip()[-300:]}")
    result = Load(**json.loads(done.stdout.splitlines()[-1]))
    if result.failed or not result.requests:
        raise BenchError(f"{asked.path}: {result.failed} requests failed, {result.requests} not")
    if result.errors != (result.requests if asked.status >= ERROR else 0):
        raise BenchError(f"{asked.path}: {result.errors} answers of 400 and above")
    return result


def _wrk(asked: Asked, seconds: float, script: str) -> list[str]:
    options = ["-t1", f"-c{asked.connections}", f"-d{seconds:.0f}s", "-s", script]
    for header in asked.headers:
        options += ["-H", header]
    return ["wrk", *options, f"http://{HOST}:{asked.port}{asked.path}"]


def _own(asked: Asked, seconds: float, *, warm: bool) -> list[str]:
    task = {**asdict(asked), "seconds": seconds, "warm": WARM_SECONDS if warm else 0.0}
    return [sys.executable, "-m", "bench.load", json.dumps(task)]


class _Connection:
    """One visitor, who asks again as soon as the answer is there."""

    __slots__ = ("head", "left", "sent", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=STALL_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = -1
        self.head = b""
        self.sent = 0.0

    def ask(self, request: bytes, now: float) -> None:
        self.left, self.head, self.sent = -1, b"", now
        self.socket.sendall(request)

    def answered(self) -> bool:
        """Takes what has come; whether that completes the answer. Raises ConnectionError."""
        data = self.socket.recv(RECEIVE)
        if not data:
            raise ConnectionError("closed by the server")
        if self.left < 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.left = self._length(end) - (len(self.head) - end - 4)
        else:
            self.left -= len(data)
        return self.left <= 0

    def _length(self, end: int) -> int:
        if self.head[STATUS] == EMPTY:
            return 0
        length = LENGTH.search(self.head, 0, end)
        if length is None:
            raise ConnectionError("an answer without content-length")
        return int(length[1])


@dataclass(slots=True)
class _Tally:
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    errors: int = 0


def generate(asked: Asked, seconds: float, warm: float) -> Load:
    """Runs for `seconds` after a warm-up of so many, within the bounds above."""
    gc.disable()
    selector = selectors.DefaultSelector()
    request = _request(asked)
    for _ in range(asked.connections):
        connection = _Connection(asked.port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(request, time.perf_counter())
    _turn(selector, request, min(warm, seconds))
    start, cpu = time.perf_counter(), time.process_time()
    tally = _turn(selector, request, min(seconds, MOST_SECONDS))
    elapsed = time.perf_counter() - start
    busy = (time.process_time() - cpu) / elapsed
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    return _summary(tally, elapsed, busy)


def _request(asked: Asked) -> bytes:
    lines = (f"Host: {HOST}:{asked.port}", "Accept: */*", *asked.headers)
    return "\r\n".join((f"GET {asked.path} HTTP/1.1", *lines, "", "")).encode()


def _turn(selector: selectors.BaseSelector, request: bytes, seconds: float) -> _Tally:
    tally, end = _Tally(), time.perf_counter() + seconds
    while (now := time.perf_counter()) < end and len(tally.latencies) < MOST_REQUESTS:
        for key, _ in selector.select(end - now):
            connection = key.data
            try:
                if connection.answered():
                    now = time.perf_counter()
                    tally.latencies.append(now - connection.sent)
                    tally.errors += int(connection.head[STATUS]) >= ERROR
                    connection.ask(request, now)
            except OSError:
                tally.failed += 1
                selector.unregister(key.fileobj)
                connection.socket.close()
    return tally


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _summary(tally: _Tally, elapsed: float, busy: float) -> Load:
    ordered = sorted(tally.latencies) or [0.0]
    return Load(
        requests=len(tally.latencies),
        seconds=elapsed,
        p50=percentile(ordered, 0.5) * 1000,
        p95=percentile(ordered, 0.95) * 1000,
        failed=tally.failed,
        errors=tally.errors,
        busy=busy,
    )


def main(task: dict[str, Any]) -> None:
    seconds, warm = task.pop("seconds"), task.pop("warm")
    print(json.dumps(asdict(generate(Asked(**task), seconds, warm))))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
