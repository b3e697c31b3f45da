"""What policies add to a page request and to a sync: the same site with 300 of them and without."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import sites
from bench.load import ROOT
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

FIGURES = ("policy_request", "policy_request_without", "policy_decide_site")
POLICIES = 300
REQUESTS, TURNS = 300, 4
SECONDS = 600
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
    done = _started(run, state, site, ["manage.py", "syncrepo", "--rebuild", "--json"])
    return int(done["parsed"])


def _node(run: Run, state: Path, site: Site) -> dict[str, Any]:
    said = _started(run, state, site, ["-m", "bench.policy_node", str(REQUESTS), site.page])
    if said["status"] != OK:
        raise BenchError(f"{site.page} answers {said['status']}")
    return said


def _started(run: Run, state: Path, site: Site, arguments: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**run.environment(state, site), "DJANGO_SETTINGS_MODULE": "whispercms.settings"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    if done.returncode:
        raise BenchError(f"a node failed: {done.stdout[-300:]}{done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _request(name: str, turns: list[list[float]], of: str | None, policies: int) -> Figure:
    """The best turn: the others had to share the machine."""
    best = min(turns, key=median)
    quarters = quantiles(best, n=4)
    note = f"{policies} policies; the best of {len(turns)} turns of {len(best)} requests,"
    note += f" {quarters[0]:.2f} to {quarters[2]:.2f} ms"
    return Figure(name=name, value=median(best), unit="ms", of=of, note=note)
