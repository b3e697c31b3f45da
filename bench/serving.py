"""Requests per second and latencies at 100 connections, beside a bare Django view.

Both stand behind the same server with the same options, in the same run, taking turns.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import processes, servers
from bench.load import Load, load
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Server

LATENCIES = ("p50", "p95")
FIGURES = (
    *(f"{name}_{of}" for name in ("page", "django") for of in ("rps", *LATENCIES)),
    *("list_rps", "not_found_rps", "asset_rps", "memory_web", "memory_django"),
)
ASGI_FIGURES = tuple(
    f"{name}_asgi_{of}" for name in ("page", "django") for of in ("rps", *LATENCIES)
)
ROUNDS = 3
SECONDS = 2.0
MISSING = "/there/is/no/such/page/"
STYLE = re.compile(r'href="(/-/themes/[^"]+\.css)"')
LIMIT, IDLE = 0.9, 0.8


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, of whom, and what has to come back."""

    server: Server
    path: str
    status: int = 200

    def size(self) -> int:
        """Raises BenchError for another answer than the one that is to be measured."""
        answer = self.server.get(self.path)
        if answer.status != self.status:
            raise BenchError(f"{self.path} answers {answer.status}, not {self.status}")
        return len(answer.body)


@dataclass(frozen=True, slots=True)
class Turn:
    """One load; `used` is how much of its time the server was at work, in shares of a core."""

    load: Load
    used: float


def wsgi(run: Run) -> list[Figure]:
    """On the server that the Procfile's `web` uses: a page, a list, a miss, a file; and memory."""
    state = _warm(run)
    with servers.web(run, state, pinned=True) as site:
        page = Target(site, run.site.page)
        arguments = site.server_arguments()
        with servers.bare_like(run, arguments, page.size(), pinned=True) as django:
            targets = {
                "page": page,
                "django": Target(django, "/"),
                "list": Target(site, "/"),
                "not_found": Target(site, MISSING, 404),
                "asset": Target(site, _style(page)),
            }
            turns = _take_turns(run, targets)
            figures = _trio("page", "django", targets, turns)
            for name in ("list", "not_found", "asset"):
                figures.append(_rate(name, "django", targets[name], turns[name]))
            figures += _trio("django", None, targets, turns)
            return figures + _memories(site, django)


def asgi(run: Run) -> list[Figure]:
    """The same page behind daphne, which serves where the console is mounted."""
    state = _warm(run)
    with servers.daphne(run, state, pinned=True) as site:
        page = Target(site, run.site.page)
        arguments = site.server_arguments()
        with servers.bare_like(run, arguments, page.size(), pinned=True) as django:
            targets = {"page_asgi": page, "django_asgi": Target(django, "/")}
            turns = _take_turns(run, targets)
            figures = _trio("page_asgi", "django_asgi", targets, turns)
            return figures + _trio("django_asgi", None, targets, turns)


def _warm(run: Run) -> Path:
    """A state folder whose site is indexed and rendered: what a node is like after a minute."""
    state = run.folder / "warm"
    if not state.exists():
        state.mkdir()
        with servers.web(run, state) as server:
            processes.settle(server.process.pid)
    return state


def _style(page: Target) -> str:
    found = STYLE.search(html.unescape(page.server.get(page.path).body.decode()))
    if found is None:
        raise BenchError(f"{page.path} links no style sheet of a theme")
    return found[1]


def _take_turns(run: Run, targets: Mapping[str, Target]) -> dict[str, list[Turn]]:
    """A B C, A B C, …: what disturbs the machine meanwhile disturbs all alike."""
    for target in targets.values():
        target.size()
        processes.settle(target.server.process.pid)
    turns: dict[str, list[Turn]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            turns[name].append(_turn(run, target))
    return turns


def _turn(run: Run, target: Target) -> Turn:
    before = processes.cpu_seconds(target.server.process.pid)
    result = load(target.server.port, target.path, SECONDS, run.cores.load)
    used = processes.cpu_seconds(target.server.process.pid) - before
    return Turn(result, used / result.seconds)


def _trio(
    name: str, of: str | None, targets: Mapping[str, Target], turns: Mapping[str, list[Turn]]
) -> list[Figure]:
    figures = [_rate(name, of, targets[name], turns[name])]
    for which in LATENCIES:
        value = median(getattr(turn.load, which) for turn in turns[name])
        base = f"{of}_{which}" if of else None
        figures.append(Figure(name=f"{name}_{which}", value=value, unit="ms", of=base))
    return figures


def _rate(name: str, of: str | None, target: Target, turns: Sequence[Turn]) -> Figure:
    rates = sorted(turn.load.rate for turn in turns)
    p50 = median(turn.load.p50 for turn in turns)
    p95 = median(turn.load.p95 for turn in turns)
    spread = f"{rates[0]:,.0f} to {rates[-1]:,.0f}; p50 {p50:.1f}, p95 {p95:.1f} ms"
    return Figure(
        name=f"{name}_rps",
        value=median(rates),
        unit="req/s",
        of=of and f"{of}_rps",
        note=f"{target.path} {target.size():,} bytes; {spread}; {_cost(turns)}{_doubts(turns)}",
    )


def _cost(turns: Sequence[Turn]) -> str:
    """What other programs on the machine disturb least: work done for a request, idling aside."""
    each = median(turn.used * turn.load.seconds / turn.load.requests for turn in turns)
    return f"CPU {each * 1000:.2f} ms each"


def _doubts(turns: Sequence[Turn]) -> str:
    """Why a figure may be lower than the truth."""
    used = median(turn.used for turn in turns)
    if max(turn.load.busy for turn in turns) > LIMIT:
        return "; the load generator was at its limit"
    return f"; the server used {used:.0%} of a core, so something held it up" if used < IDLE else ""


def _memories(site: Server, django: Server) -> list[Figure]:
    """Of all processes of a node, after the load: the supervisor, the queue and workers too."""
    figures = []
    for name, of, server in (("web", "memory_django", site), ("django", None, django)):
        tree = server.tree()
        parts = sorted((round(processes.memory_mb([each])) for each in tree), reverse=True)
        note = f"{len(tree)} processes: {' + '.join(map(str, parts))}"
        note += f"; resident {processes.resident_mb(tree):.0f}"
        value = processes.memory_mb(tree)
        figures.append(Figure(name=f"memory_{name}", value=value, unit="MB", of=of, note=note))
    return figures
