"""`manage.py promote` and `rollback` as commands, between two commits that lie 500 apart."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import sites
from bench.load import ROOT
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

FIGURES = ("promote_500", "rollback_500")
COMMITS = 500
NEARBY = 40
ROUNDS = 3
COMMAND_SECONDS = 300
Timed = tuple[float, dict[str, Any]]


def measure(run: Run) -> list[Figure]:
    """Seconds are those of the whole command, its start included."""
    site = sites.copy(run.site, run.folder, "released")
    distance = _branches(site)
    state = run.state()
    _command(run, state, site, "syncrepo")
    promoted, back = [], []
    for number in range(ROUNDS + 1):
        there = _command(run, state, site, "promote", "preview", "main")
        again = _command(run, state, site, "rollback")
        if number:  # The first renders what nobody has rendered yet.
            promoted.append(there)
            back.append(again)
    what = f"{distance} commits apart"
    return [_figure("promote_500", promoted, what), _figure("rollback_500", back, what)]


def _branches(site: Site) -> int:
    """Puts `main` so many commits behind `preview`; returns how many they are."""
    if int(_git(site, "rev-list", "--count", "HEAD")) < COMMITS:
        for number in range(COMMITS):
            sites.edit(site, number)
    newest = _git(site, "rev-parse", "HEAD")
    for commit in _git(site, "rev-list", "--first-parent", "HEAD").split():
        distance = int(_git(site, "rev-list", "--count", f"{commit}..{newest}"))
        if COMMITS <= distance < COMMITS + NEARBY:
            _git(site, "update-ref", "refs/heads/preview", newest)
            _git(site, "update-ref", _git(site, "symbolic-ref", "HEAD"), commit)
            return distance
    raise BenchError(f"the site has no two commits that lie {COMMITS} apart")


def _command(run: Run, state: Path, site: Site, *command: str) -> Timed:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", *command, "--json"],
        cwd=ROOT,
        env=run.environment(state, site),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise BenchError(f"{command[0]} failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    return seconds, json.loads(done.stdout.splitlines()[-1])


def _figure(name: str, runs: Sequence[Timed], what: str) -> Figure:
    reports = [report["index"] for _, report in runs]
    stages = {
        stage: median(report["seconds"].get(stage, 0.0) for report in reports)
        for stage in reports[0]["seconds"]
    }
    listed = ", ".join(f"{stage} {seconds:.3f}" for stage, seconds in stages.items())
    note = f"{what}; parsed {reports[0]['parsed']}; {listed}: {sum(stages.values()):.3f} s in all"
    return Figure(name=name, value=median(seconds for seconds, _ in runs), unit="s", note=note)


def _git(site: Site, *arguments: str) -> str:
    command = ["git", "-C", str(site.remote), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
