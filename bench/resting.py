"""Memory of the whole tree of processes, at rest and under load, above an empty Django project."""

from collections.abc import Sequence
from statistics import median

from bench import processes, servers
from bench.hits import warm
from bench.load import Asked, load
from bench.processes import Process
from bench.report import Figure
from bench.run import Run
from bench.servers import Server

FIGURES = ("rest_memory", "rest_memory_empty", "load_memory")
ROUNDS = 3
LOADS, SECONDS = 3, 2.0


def measure(run: Run) -> list[Figure]:
    """Each tree is alone while it is weighed, so that neither shares pages with the other."""
    state, rests, loads, empties, parts = warm(run), [], [], [], ""
    for _ in range(ROUNDS):
        with servers.web(run, state) as site:
            site.get(run.site.page)
            processes.settle(site.process.pid)
            rests.append(processes.memory_mb(site.tree()))
            parts = _parts(site.tree())
            loads.append(_loaded(run, site))
        folder = {"BENCH_FOLDER": str(run.folder)}
        environment = {**run.environment(run.folder, run.site), **folder}
        with servers.like(run, "granian", "bench.empty.wsgi:application", environment) as empty:
            processes.settle(empty.process.pid)
            empties.append(processes.memory_mb(empty.tree()))
    base = median(empties)
    whole = f"{median(rests):.0f} MB in all less {base:.0f}: {parts}"
    return [
        _figure("rest_memory", median(rests) - base, whole),
        _figure("rest_memory_empty", base, "startproject with a view, on the same server"),
        _figure("load_memory", median(loads) - base, "the same after a load of several pages"),
    ]


def _loaded(run: Run, site: Server) -> float:
    """The most that was seen of it under and after hits, lists and pages that are not there."""
    most = 0.0
    for path, status in ((run.site.page, 200), ("/", 200), ("/no/such/page/", 404)):
        for _ in range(LOADS):
            asked = Asked(port=site.port, path=path, status=status)
            load(asked, SECONDS, run.cores.load)
            most = max(most, processes.memory_mb(site.tree()))
    return most


def _parts(tree: Sequence[Process]) -> str:
    each = sorted((round(processes.memory_mb([one])) for one in tree), reverse=True)
    return f"{len(tree)} processes, {' + '.join(map(str, each))}"


def _figure(name: str, value: float, note: str) -> Figure:
    return Figure(name=name, value=value, unit="MB", note=f"{note}; proportional")
