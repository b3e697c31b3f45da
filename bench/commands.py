"""Commands of a node: run to their end, timed, and what they tell in JSON taken from their last
line."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.load import ROOT
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

SECONDS = 600
SETTINGS = {"DJANGO_SETTINGS_MODULE": "whispercms.settings"}
Timed = tuple[float, dict[str, Any]]


def manage(run: Run, state: Path, site: Site, *command: str) -> Timed:
    """`manage.py`, with the seconds of the whole command, its start included."""
    start = time.perf_counter()
    found = told(run, state, site, ["manage.py", *command, "--json"])
    return time.perf_counter() - start, found


def told(
    run: Run,
    state: Path,
    site: Site,
    arguments: Sequence[str],
    task: object = None,
    *,
    settings: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a Python program says in the environment of a node; it reads the task as JSON."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**run.environment(state, site), **SETTINGS, **(settings or {})},
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    if done.returncode:
        said = f"{done.stdout[-500:]}{done.stderr[-1500:]}"
        raise BenchError(f"{' '.join(arguments[:3])} failed: {said}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def staged(name: str, runs: Sequence[Timed], reports: Sequence[Any], what: str = "") -> Figure:
    """Seconds of the command, and the stages of its sync by its own account."""
    stages = {
        stage: median(report["seconds"].get(stage, 0.0) for report in reports)
        for stage in reports[0]["seconds"]
    }
    listed = ", ".join(f"{stage} {seconds:.3f}" for stage, seconds in stages.items())
    note = f"{what}parsed {reports[0]['parsed']}; {listed}: {sum(stages.values()):.3f} s in all"
    return Figure(name=name, value=median(seconds for seconds, _ in runs), unit="s", note=note)
