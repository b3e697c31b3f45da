"""`manage.py promote` and `rollback` as commands, between two commits that lie 500 apart."""

import subprocess
from collections.abc import Sequence

from bench import sites
from bench.commands import Timed, manage, staged
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site

FIGURES = ("promote_500", "rollback_500")
COMMITS = 500
NEARBY = 40
ROUNDS = 3


def measure(run: Run) -> list[Figure]:
    """Seconds are those of the whole command, its start included."""
    site = sites.copy(run.site, run.folder, "released")
    distance = _branches(site)
    state = run.state()
    manage(run, state, site, "syncrepo")
    promoted, back = [], []
    for number in range(ROUNDS + 1):
        there = manage(run, state, site, "promote", "preview", "main")
        again = manage(run, state, site, "rollback")
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


def _figure(name: str, runs: Sequence[Timed], what: str) -> Figure:
    return staged(name, runs, [report["index"] for _, report in runs], f"{what}; ")


def _git(site: Site, *arguments: str) -> str:
    command = ["git", "-C", str(site.remote), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
