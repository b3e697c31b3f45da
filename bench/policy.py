"""What policies add to a page request and to a sync: the same site with 300 of them and without."""

from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import sites
from bench.commands import manage, told
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

FIGURES = ("policy_request", "policy_request_without", "policy_decide_site")
POLICIES = 300
REQUESTS, TURNS = 300, 4
OK = 200


def measure(run: Run) -> list[Figure]:
    """Both are asked by turns, so that a busy moment is everybody's."""
    bare = sites.copy(run.site, run.folder, "without-policies")
    full = sites.copy(run.site, run.folder, "with-policies")
    states = {bare.remote: run.state(), full.remote: run.state()}
    for site in (bare, full):
        _node(run, states[site.remote], site)
    sites.commit(full, {"policies/site.cedar": _policies()})
    times: dict[Path, list[list[float]]] = {bare.remote: [], full.remote: []}
    decided: dict[str, Any] = {}
    for _ in range(TURNS):
        for site in (bare, full):
            said = _node(run, states[site.remote], site)
            times[site.remote].append(said["milliseconds"])
            decided = decided or (said["sync"] if site is full else {})
    documents = _documents(run, states[full.remote], full)
    seconds = float(decided["seconds"]["policy"])
    return [
        _request("policy_request", times[full.remote], "policy_request_without", POLICIES),
        _request("policy_request_without", times[bare.remote], None, 0),
        Figure(
            name="policy_decide_site",
            value=documents / seconds,
            unit="docs/s",
            note=f"{documents} documents decided anew in {seconds:.2f} s, paths told apart",
        ),
    ]


def _policies() -> str:
    """Of every document's path, so that no answer stands for another document's."""
    texts = (
        f'@id("p{number}") forbid (principal is Visitor, action == Action::"read",'
        f' resource is Document) when {{ resource.path like "private{number}/*" }};\n'
        for number in range(POLICIES)
    )
    return "".join(texts)


def _documents(run: Run, state: Path, site: Site) -> int:
    _, report = manage(run, state, site, "syncrepo", "--rebuild")
    return int(report["parsed"])


def _node(run: Run, state: Path, site: Site) -> dict[str, Any]:
    said = told(run, state, site, ["-m", "bench.policy_node", str(REQUESTS), site.page])
    if said["status"] != OK:
        raise BenchError(f"{site.page} answers {said['status']}")
    return said


def _request(name: str, turns: list[list[float]], of: str | None, policies: int) -> Figure:
    """The best turn: the others had to share the machine."""
    best = min(turns, key=median)
    quarters = quantiles(best, n=4)
    note = f"{policies} policies; the best of {len(turns)} turns of {len(best)} requests,"
    note += f" {quarters[0]:.2f} to {quarters[2]:.2f} ms"
    return Figure(name=name, value=median(best), unit="ms", of=of, note=note)
