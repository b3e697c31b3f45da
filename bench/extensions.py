"""What plugins cost a page, one visitor at a time; and what a bad one costs everybody else."""

import http.client
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median

from apps.extensions.finding import SITE, ExtensionFiles
from apps.extensions.lock import Entry, Tables, write_lock
from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers, call_together
from bench import echo, processes, servers, sites
from bench.load import HOST, load
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Server
from bench.sites import Site

FIGURES = ("plugins_0", "plugins_1", "plugins_3", "plugins_3_group")
WORKER_FIGURES = ("worker_echo", "worker_respawn")
BURNER_FIGURES = ("burner_none", "burner_first", "burner_open")

ROUNDS, REQUESTS = 12, 150
ECHOES, RESPAWNS, RESPAWN_SECONDS = 5000, 20, 5.0
BURN_SECONDS, BURN_ROUNDS = 8.0, 3

MARK = """\
on("content.resolved", function(event, propose)
  propose.metadata("long", #event.content.title > 20)
  propose.header("x-kind", event.content.kind)
end)
"""
BURN = 'on("content.resolved", function() while true do end end)\n'


def plugins(run: Run) -> list[Figure]:
    """One page of four nodes that differ in their plugins only, asked in turns over one connection
    each: a request to each, then the next."""
    sets = {
        "plugins_0": "",
        "plugins_1": _choices("reading-time"),
        "plugins_3": _choices("reading-time", "external-links", "mark"),
        "plugins_3_group": _choices("reading-time", "external-links", "mark", group="one"),
    }
    with ExitStack() as stack:
        asked = {name: stack.enter_context(_asked(run, name, text)) for name, text in sets.items()}
        samples: dict[str, list[float]] = {name: [] for name in sets}
        for _ in range(ROUNDS * REQUESTS):
            for name, ask in asked.items():
                samples[name].append(next(ask))
    base = median(samples["plugins_0"])
    return [_page(name, sorted(values), base) for name, values in samples.items()]


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
            _node(run, f"burner_none_{number}", "") as quiet,
            _node(run, f"burner_{number}", _choices("burn"), used=False) as burning,
        ):
            # The first requests are the burner's alone; what follows takes turns.
            first.append(_visited(run, burning, warm=False))
            none.append(_visited(run, quiet))
            opened.append(_visited(run, burning))
    figures = {"burner_none": none, "burner_first": first, "burner_open": opened}
    return [_visits(name, values) for name, values in figures.items()]


@contextmanager
def _node(run: Run, name: str, text: str, *, used: bool = True) -> Iterator[Server]:
    """A node that serves the site with these plugins, its bodies rendered and its index warm."""
    site = _with_plugins(run, name, text)
    state = run.state()
    with servers.web(replace(run, site=site), state, pinned=True) as server:
        if used:
            server.get(site.page)
        processes.settle(server.process.pid)
        yield server


@contextmanager
def _asked(run: Run, name: str, text: str) -> Iterator[Iterator[float]]:
    with _node(run, name, text) as server:
        yield _seconds(server.port, run.site.page)


def _seconds(port: int, path: str) -> Iterator[float]:
    """How long each answer takes, over one connection that is kept."""
    connection = http.client.HTTPConnection(HOST, port, timeout=servers.ANSWER_SECONDS)
    while True:
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        seconds = time.perf_counter() - start
        if response.status != http.client.OK:
            raise BenchError(f"{path} answers {response.status}")
        yield seconds


def _with_plugins(run: Run, name: str, text: str) -> Site:
    """The run's site, and a commit on top that chooses the plugins."""
    site = sites.copy(run.site, run.folder, name)
    config = sites.read(site, "config.toml")
    head = "[whispercms]\n" if "[whispercms]" not in config else ""
    asks = ("read:content.meta", "propose:metadata", "propose:header")
    mark, burn = _plugin("mark", MARK, asks), _plugin("burn", BURN, ())
    files = {
        "config.toml": f"{config}\n{head}{text or 'plugins = []'}\n",
        "extensions.lock": _lock("mark", mark, asks) + _lock("burn", burn, ()),
        **mark,
        **burn,
    }
    sites.commit(site, files)
    return site


def _choices(*names: str, group: str = "") -> str:
    grouped = f'group = "{group}"\n' if group else ""
    return "".join(f'[[whispercms.plugins]]\nid = "{name}"\n{grouped}' for name in names)


def _plugin(name: str, source: str, capabilities: Sequence[str]) -> dict[str, str]:
    listed = ", ".join(f'"{each}"' for each in capabilities)
    manifest = (
        f'id = "{name}"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
        f'subscribes = ["content.resolved"]\ncapabilities = [{listed}]\n'
    )
    return {f"plugins/{name}/plugin.toml": manifest, f"plugins/{name}/main.lua": source}


def _lock(name: str, files: Mapping[str, str], capabilities: Sequence[str]) -> str:
    own = {path.removeprefix(f"plugins/{name}/"): each.encode() for path, each in files.items()}
    pin = Entry(
        digest=ExtensionFiles("plugin", name, SITE, own).digest(), capabilities=list(capabilities)
    )
    return write_lock(Tables(plugins={name: pin})).decode()


def _page(name: str, ordered: Sequence[float], base: float) -> Figure:
    p50, p95 = median(ordered), ordered[int(len(ordered) * 0.95)]
    note = f"adds {(p50 - base) * 1000:.2f} ms; p95 {p95 * 1000:.2f} ms; {len(ordered)} requests"
    of = None if name == "plugins_0" else "plugins_0"
    return Figure(name=name, value=p50 * 1000, unit="ms", of=of, note=note)


def _echo(host: Workers) -> Figure:
    pool = _echoing(host)
    ordered = sorted(_timed(pool) for _ in range(ECHOES))
    note = f"p95 {ordered[int(ECHOES * 0.95)] * 1000:.3f} ms; {ECHOES:,} round trips of 2 KB"
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
    visits = load(server.port, run.site.page, BURN_SECONDS, run.cores.load, warm=warm)
    return {"p50": visits.p50, "p95": visits.p95, "rate": visits.rate}


def _visits(name: str, turns: Sequence[Mapping[str, float]]) -> Figure:
    p95 = median(turn["p95"] for turn in turns)
    told = ", ".join(f"{turn['p95']:.0f}" for turn in turns)
    note = f"p95 of 100 visitors, in turns {told}; {median(t['rate'] for t in turns):,.0f} req/s"
    of = None if name == "burner_none" else "burner_none"
    return Figure(name=name, value=p95, unit="ms", of=of, note=note)
