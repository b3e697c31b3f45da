"""`manage.py syncrepo` as a command: a whole site into an empty index, and a commit of one file."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench import sites
from bench.load import ROOT
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

FIGURES = ("sync_first", "sync_one")
ROUNDS = 3
COMMAND_SECONDS = 120


def measure(run: Run) -> list[Figure]:
    """Seconds are those of the whole command, its start included; stages are its own account."""
    site = sites.copy(run.site, run.folder)
    first, one = [], []
    for number in range(ROUNDS):
        state = run.state()
        first.append(_sync(run, state, site))
        sites.edit(site, number)
        one.append(_sync(run, state, site))
    parsed = {report["parsed"] for _, report in one}
    if parsed != {1}:
        raise BenchError(f"a commit of one file made the sync parse {parsed} documents, not 1")
    return [_figure("sync_first", first), _figure("sync_one", one)]


def _sync(run: Run, state: Path, site: Site) -> tuple[float, dict[str, Any]]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "syncrepo", "--json"],
        cwd=ROOT,
        env=run.environment(state, site),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise BenchError(f"syncrepo failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    return seconds, json.loads(done.stdout.splitlines()[-1])


def _figure(name: str, runs: list[tuple[float, dict[str, Any]]]) -> Figure:
    reports = [report for _, report in runs]
    stages = {
        stage: median(report["seconds"].get(stage, 0.0) for report in reports)
        for stage in reports[0]["seconds"]
    }
    listed = ", ".join(f"{stage} {seconds:.3f}" for stage, seconds in stages.items())
    note = f"parsed {reports[0]['parsed']}; {listed}: {sum(stages.values()):.3f} s in all"
    return Figure(name=name, value=median(s for s, _ in runs), unit="s", note=note)
