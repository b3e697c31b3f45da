"""Visitors who do not wait for each other: an open loop, hits and misses, and syncs in between.

A request has a moment at which it is due, and its latency counts from there: a server that stalls
is not asked less, and what waits for a free connection waits in the figure.
"""

import gc
import selectors
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http import HTTPStatus
from random import Random

from bench import processes, servers, sites
from bench.asking import Visitor
from bench.hits import FEATURES
from bench.load import percentile
from bench.processes import on
from bench.report import BenchError, Figure
from bench.run import Run
from bench.syncs import Syncing, syncing

FIGURES = ("mixed_p95_ms", "mixed_p50_ms", "mixed_p99_ms")
VISITORS, RATE, SECONDS, SYNC_SECONDS = 100, 500, 30.0, 10.0
POPULAR, HITS, SEED = 50, 9, 7
"""Addresses that are asked for again and again, and how many of ten requests are for them."""
DOCUMENTS = int(RATE * SECONDS / (HITS + 1)) + 4 * POPULAR
SHARES = {"mixed_p95_ms": 0.95, "mixed_p50_ms": 0.5, "mixed_p99_ms": 0.99}


@dataclass(frozen=True, slots=True)
class Due:
    """When, in seconds from the start, and what is asked for."""

    at: float
    path: str


def measure(run: Run) -> list[Figure]:
    site = sites.generated(run.folder, DOCUMENTS)
    ours = replace(run, site=replace(site, document="content/posts/document-0.md"))
    state = run.state()
    with servers.web(ours, state, FEATURES) as server:
        processes.settle(server.process.pid)
    with (
        servers.web(ours, state, FEATURES, pinned=True) as server,
        syncing(ours, state, pinned=True) as syncs,
        ThreadPoolExecutor(1) as beside,
        on(run.cores.load),
    ):
        processes.settle(server.process.pid)
        for path in _popular():
            server.get(path)
        due = list(schedule(Random(SEED)))
        synced = beside.submit(_sync, ours, syncs)
        start = time.process_time()
        ordered = sorted(visited(server.port, due))
        busy = (time.process_time() - start) / SECONDS
        note = f"{len(ordered):,} requests, {synced.result()} syncs meanwhile"
    note += f"; the generator used {busy:.0%} of a core"
    return [
        Figure(name=name, value=percentile(ordered, share), unit="ms", note=note)
        for name, share in SHARES.items()
    ]


def _sync(run: Run, syncs: Syncing) -> int:
    """A commit of one popular page and its sync, all ten seconds; how many there were."""
    start, made = time.perf_counter(), 0
    while (at := start + (made + 0.5) * SYNC_SECONDS) < start + SECONDS:
        time.sleep(max(0.0, at - time.perf_counter()))
        sites.edit(run.site, made)
        syncs.sync()
        made += 1
    return made


def schedule(random: Random) -> Iterator[Due]:
    """Moments as independent visitors choose them; of ten requests one is for an address that
    nobody has asked for before."""
    seldom = (_address(number) for number in range(POPULAR, DOCUMENTS))
    popular = _popular()
    at = 0.0
    while (at := at + random.expovariate(RATE)) < SECONDS:
        rare = random.randrange(HITS + 1) == 0
        yield Due(at, next(seldom) if rare else random.choice(popular))


def _popular() -> list[str]:
    return [_address(number) for number in range(POPULAR)]


def _address(number: int) -> str:
    return f"/posts/document-{number}/"


class _Loop:
    """All connections, those that are free, and what is due."""

    def __init__(self, port: int, due: Sequence[Due]) -> None:
        self.selector = selectors.DefaultSelector()
        self.free = deque(Visitor(port) for _ in range(VISITORS))
        self.waiting = deque(due)
        self.latencies: list[float] = []
        self.start = time.perf_counter()

    def done(self) -> bool:
        return not self.waiting and len(self.free) == VISITORS

    def send_what_is_due(self) -> float:
        """Seconds until the next is."""
        while self.waiting and self.free:
            now = time.perf_counter() - self.start
            if (due := self.waiting[0]).at > now:
                return due.at - now
            self.waiting.popleft()
            visitor = self.free.popleft()
            visitor.ask(due.path)
            self.selector.register(visitor.socket, selectors.EVENT_READ, (visitor, due))
        return servers.ANSWER_SECONDS

    def take(self, visitor: Visitor, due: Due) -> None:
        answer = visitor.take()
        if answer is None:
            return
        if answer.status != HTTPStatus.OK:
            raise BenchError(f"{due.path} answers {answer.status}")
        self.latencies.append((time.perf_counter() - self.start - due.at) * 1000)
        self.selector.unregister(visitor.socket)
        self.free.append(visitor)

    def close(self) -> None:
        for visitor in self.free:
            visitor.close()
        self.selector.close()


def visited(port: int, due: Sequence[Due]) -> list[float]:
    """Latencies in ms, in the order of the answers. Raises BenchError for one of another status."""
    gc.disable()
    loop = _Loop(port, due)
    while not loop.done():
        pause = loop.send_what_is_due()
        for key, _ in loop.selector.select(pause):
            loop.take(*key.data)
    gc.enable()
    loop.close()
    return loop.latencies
