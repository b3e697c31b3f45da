"""Pages made afresh, beside an ordinary Django view that makes the same page of the same data."""

import http.client
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median

from bench import processes, servers
from bench.chosen import choices, with_plugins
from bench.load import HOST, percentile
from bench.ordinary import data
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Server
from bench.turns import Target, take_turns

FIGURES = ("miss", "miss_django", "miss_list", "miss_not_found")
PLUGIN_FIGURES = (
    *("miss_0_plugins", "miss_1_plugin", "miss_3_plugins", "miss_3_grouped"),
    *("miss_0_first", "miss_3_first"),
)
ROUNDS, REQUESTS, PAGES = 12, 150, 300
LINK = re.compile(r'href="(/[^"#?]*/)"')
MISSING = "/there/is/no/such/page/"

Ask = Callable[[str], tuple[float, str]]


def rates(run: Run) -> list[Figure]:
    """Without plugins and without a cache, at 100 connections."""
    with ExitStack() as stack:
        site, django = stack.enter_context(_beside(run))
        targets = {
            "miss": Target(site, run.site.page),
            "miss_django": Target(django, run.site.page),
            "miss_list": Target(site, "/"),
            "miss_not_found": Target(site, MISSING, 404),
        }
        _check(targets["miss"], targets["miss_django"])
        turns = take_turns(run, targets)
        base = "miss_django"
        return [each.rate(name, None if name == base else base) for name, each in turns.items()]


def plugins(run: Run) -> list[Figure]:
    """One page of four nodes that differ in their plugins only, asked in turns over one connection
    each: a request to each, then the next. Then many pages, each for the first time: of a page that
    was made before, plugins are not asked again."""
    sets = {
        "miss_0_plugins": "",
        "miss_1_plugin": choices("reading-time"),
        "miss_3_plugins": choices("reading-time", "external-links", "mark"),
        "miss_3_grouped": choices("reading-time", "external-links", "mark", group="one"),
    }
    with ExitStack() as stack:
        asked = {name: stack.enter_context(_asked(run, name, text)) for name, text in sets.items()}
        samples: dict[str, list[float]] = {name: [] for name in sets}
        for _ in range(ROUNDS * REQUESTS):
            for name, ask in asked.items():
                samples[name].append(ask(run.site.page)[0])
        paths = _paths(asked["miss_1_plugin"])
        first = {"miss_0_first": asked["miss_0_plugins"], "miss_3_first": asked["miss_3_plugins"]}
        samples |= {name: [] for name in first}
        for path in paths:
            for name, ask in first.items():
                samples[name].append(ask(path)[0])
    return [_page(name, samples) for name in PLUGIN_FIGURES]


@contextmanager
def node(run: Run, name: str, text: str, *, used: bool = True) -> Iterator[Server]:
    """A node without a cache that serves the site with these plugins, its bodies rendered and its
    index warm."""
    site = with_plugins(run.site, run.folder, name, text)
    state = run.state()
    with servers.web(replace(run, site=site), state, servers.OFF, pinned=True) as server:
        if used:
            server.get(site.page)
        processes.settle(server.process.pid)
        yield server


@contextmanager
def _beside(run: Run) -> Iterator[tuple[Server, Server]]:
    site, state = with_plugins(run.site, run.folder, "miss", ""), run.state()
    ours = replace(run, site=site)
    with servers.web(ours, state, servers.OFF, pinned=True) as server:
        page = server.get(site.page).body
        processes.settle(server.process.pid)
        folder = run.folder / "ordinary"
        data.copy(state, site, page, folder)
        environment = {**run.environment(state, site), "BENCH_ORDINARY": str(folder)}
        with servers.like(
            ours,
            "granian",
            "bench.ordinary.wsgi:application",
            environment,
            path=site.page,
            pinned=True,
        ) as django:
            yield server, django


def _check(ours: Target, other: Target) -> None:
    """They are held against each other, so they must make the same page."""
    if ours.answer().body != other.answer().body:
        raise BenchError("the ordinary Django view makes another page")


@contextmanager
def _asked(run: Run, name: str, text: str) -> Iterator[Ask]:
    with node(run, name, text) as server:
        yield _asking(server.port)


def _asking(port: int) -> Ask:
    """How long an answer takes and its body, over one connection that is kept."""
    connection = http.client.HTTPConnection(HOST, port, timeout=servers.ANSWER_SECONDS)

    def ask(path: str) -> tuple[float, str]:
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - start
        if response.status != http.client.OK:
            raise BenchError(f"{path} answers {response.status}")
        return seconds, body.decode()

    return ask


def _paths(ask: Ask) -> list[str]:
    """Pages of the site, as a visitor finds them who follows every link."""
    found: dict[str, None] = {"/": None}
    waiting = ["/"]
    while waiting and len(found) < PAGES:
        new = dict.fromkeys(LINK.findall(ask(waiting.pop(0))[1]))
        waiting += [path for path in new if path not in found]
        found |= new
    return list(found)[:PAGES]


def _page(name: str, samples: Mapping[str, list[float]]) -> Figure:
    base = "miss_0_first" if name.endswith("_first") else "miss_0_plugins"
    ordered = sorted(samples[name])
    p50, p95 = median(ordered), percentile(ordered, 0.95)
    more = (p50 - median(samples[base])) * 1000
    note = f"adds {more:.2f} ms; p95 {p95 * 1000:.2f} ms; {len(ordered)} requests"
    of = None if name == base else base
    return Figure(name=name, value=p50 * 1000, unit="ms", of=of, note=note)
