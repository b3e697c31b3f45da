"""`manage.py syncrepo` as a command: a whole site into an empty index, and a commit of one file."""

from bench import sites
from bench.commands import Timed, manage, staged
from bench.report import BenchError, Figure
from bench.run import Run

FIGURES = ("sync_first", "sync_one")
ROUNDS = 3


def measure(run: Run) -> list[Figure]:
    """Seconds are those of the whole command, its start included; stages are its own account."""
    site = sites.copy(run.site, run.folder)
    first, one = [], []
    for number in range(ROUNDS):
        state = run.state()
        first.append(manage(run, state, site, "syncrepo"))
        sites.edit(site, number)
        one.append(manage(run, state, site, "syncrepo"))
    parsed = {report["parsed"] for _, report in one}
    if parsed != {1}:
        raise BenchError(f"a commit of one file made the sync parse {parsed} documents, not 1")
    return [_figure("sync_first", first), _figure("sync_one", one)]


def _figure(name: str, runs: list[Timed]) -> Figure:
    return staged(name, runs, [report for _, report in runs])
