"""What the sandbox's workers cost, and what a bad plugin costs everybody else."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from statistics import median

from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers, call_together
from bench import echo
from bench.chosen import choices
from bench.load import Asked, load, percentile
from bench.misses import node
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Server

WORKER_FIGURES = ("worker_echo", "worker_respawn")
BURNER_FIGURES = ("burner_none", "burner_first", "burner_open")

ECHOES, RESPAWNS, RESPAWN_SECONDS = 5000, 20, 5.0
BURN_SECONDS, BURN_ROUNDS = 8.0, 3


def workers(run: Run) -> list[Figure]:
    """The bare round trip to a confined worker, and how soon a killed one is back."""
    host = Workers()
    try:
        return [_echo(host), _respawn(host)]
    finally:
        host.stop()


def burner(run: Run) -> list[Figure]:
    """A hundred visitors of a page whose one plugin burns its whole budget: from the first request
    of a fresh node on, and once its breaker is open; beside the same site without it."""
    none, first, opened = [], [], []
    for number in range(BURN_ROUNDS):
        with (
            node(run, f"burner_none_{number}", "") as quiet,
            node(run, f"burner_{number}", choices("burn"), used=False) as burning,
        ):
            # The first requests are the burner's alone; what follows takes turns.
            first.append(_visited(run, burning, warm=False))
            none.append(_visited(run, quiet))
            opened.append(_visited(run, burning))
    figures = {"burner_none": none, "burner_first": first, "burner_open": opened}
    return [_visits(name, values) for name, values in figures.items()]


def _echo(host: Workers) -> Figure:
    pool = _echoing(host)
    ordered = sorted(_timed(pool) for _ in range(ECHOES))
    note = f"p95 {percentile(ordered, 0.95) * 1000:.3f} ms; {ECHOES:,} round trips of 2 KB"
    return Figure(name="worker_echo", value=median(ordered) * 1000, unit="ms", note=note)


def _respawn(host: Workers) -> Figure:
    """From the kill until the new worker has answered; asked without a pause meanwhile."""
    pool = _echoing(host)
    seconds, answered, failed = [], 0, 0
    known = _all_of(pool)
    for _ in range(RESPAWNS):
        victim = pool.call(echo.WHO)
        start = time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        while time.perf_counter() - start < RESPAWN_SECONDS:
            try:
                worker = pool.call(echo.WHO)
            except WorkerFault:
                failed += 1
                continue
            answered += 1
            if worker not in known:
                seconds.append(time.perf_counter() - start)
                known.add(worker)
                break
        else:
            raise BenchError("a killed worker was not replaced")
    note = f"at most {max(seconds) * 1000:.1f} ms; meanwhile {answered} answered, {failed} failed"
    return Figure(name="worker_respawn", value=median(seconds) * 1000, unit="ms", note=note)


def _all_of(pool: WorkerPool) -> set[int]:
    """The process ids of all workers of a pool."""
    calls = [(pool, echo.WHO)] * pool.spec.size
    return {each for each in call_together(calls, wall_seconds=1.0) if isinstance(each, int)}


def _echoing(host: Workers) -> WorkerPool:
    spec = WorkerSpec(name="echo", entry="bench.echo", limits=Limits(), size=2)
    pool = host.pool(spec)
    pool.warm()
    return pool


def _timed(pool: WorkerPool) -> float:
    start = time.perf_counter()
    pool.call({"event": "x" * 2000})
    return time.perf_counter() - start


def _visited(run: Run, server: Server, *, warm: bool = True) -> Mapping[str, float]:
    asked = Asked(port=server.port, path=run.site.page)
    visits = load(asked, BURN_SECONDS, run.cores.load, warm=warm)
    return {"p50": visits.p50, "p95": visits.p95, "rate": visits.rate}


def _visits(name: str, turns: Sequence[Mapping[str, float]]) -> Figure:
    p95 = median(turn["p95"] for turn in turns)
    told = ", ".join(f"{turn['p95']:.0f}" for turn in turns)
    note = f"p95 of 100 visitors, in turns {told}; {median(t['rate'] for t in turns):,.0f} req/s"
    of = None if name == "burner_none" else "burner_none"
    return Figure(name=name, value=p95, unit="ms", of=of, note=note)
