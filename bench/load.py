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
from dataclasses import asdict, dataclass
from pathlib import Path

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
ROOT = Path(__file__).resolve().parent.parent
WRK_SCRIPT = """
done = function(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "failed": %d, "busy": 0}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, failed))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it. `p50` and `p95` are in ms; `busy` is the generator's own share of a core."""

    requests: int
    seconds: float
    p50: float
    p95: float
    failed: int
    busy: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "bench/load.py"


def load(port: int, path: str, seconds: float, cores: frozenset[int], *, warm: bool = True) -> Load:
    """Raises BenchError when a request got no answer. Without `warm` the first one counts too."""
    command = _wrk if shutil.which("wrk") else (_own if warm else _cold)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script, on(cores):
        script.write(WRK_SCRIPT)
        script.flush()
        done = subprocess.run(
            command(port, path, seconds, script.name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS + 2 * STALL_SECONDS,
        )
    if done.returncode:
        raise BenchError(f"no load on {path}: {done.stderr.strip()[-300:]}")
    result = Load(**json.loads(done.stdout.splitlines()[-1]))
    if result.failed or not result.requests:
        raise BenchError(f"{path}: {result.failed} requests failed, {result.requests} did not")
    return result


def _wrk(port: int, path: str, seconds: float, script: str) -> list[str]:
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", script]
    return ["wrk", *options, f"http://{HOST}:{port}{path}"]


def _cold(port: int, path: str, seconds: float, script: str) -> list[str]:
    return [*_own(port, path, seconds, script), "0"]


def _own(port: int, path: str, seconds: float, script: str) -> list[str]:
    return [sys.executable, "-m", "bench.load", str(port), path, str(seconds)]


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
            length = LENGTH.search(self.head, 0, end)
            if length is None:
                raise ConnectionError("an answer without content-length")
            self.left = int(length[1]) - (len(self.head) - end - 4)
        else:
            self.left -= len(data)
        return self.left <= 0


def generate(port: int, path: str, seconds: float, warm: float = WARM_SECONDS) -> Load:
    """Runs for `seconds` after a warm-up of so many, within the bounds above."""
    gc.disable()
    selector = selectors.DefaultSelector()
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept: */*\r\n\r\n".encode()
    for _ in range(CONNECTIONS):
        connection = _Connection(port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(request, time.perf_counter())
    _turn(selector, request, min(warm, seconds))
    start, cpu = time.perf_counter(), time.process_time()
    latencies, failed = _turn(selector, request, min(seconds, MOST_SECONDS))
    elapsed = time.perf_counter() - start
    busy = (time.process_time() - cpu) / elapsed
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    return _summary(latencies, elapsed, failed, busy)


def _turn(
    selector: selectors.BaseSelector, request: bytes, seconds: float
) -> tuple[list[float], int]:
    latencies: list[float] = []
    failed, end = 0, time.perf_counter() + seconds
    while (now := time.perf_counter()) < end and len(latencies) < MOST_REQUESTS:
        for key, _ in selector.select(end - now):
            connection = key.data
            try:
                if connection.answered():
                    now = time.perf_counter()
                    latencies.append(now - connection.sent)
                    connection.ask(request, now)
            except OSError:
                failed += 1
                selector.unregister(key.fileobj)
                connection.socket.close()
    return latencies, failed


def _summary(latencies: list[float], elapsed: float, failed: int, busy: float) -> Load:
    ordered = sorted(latencies) or [0.0]

    def percentile(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    return Load(
        requests=len(latencies),
        seconds=elapsed,
        p50=percentile(0.5),
        p95=percentile(0.95),
        failed=failed,
        busy=busy,
    )


def main(arguments: Sequence[str]) -> None:
    port, path, *seconds = arguments
    print(json.dumps(asdict(generate(int(port), path, *map(float, seconds)))))


if __name__ == "__main__":
    main(sys.argv[1:])
