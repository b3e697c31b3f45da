"""Requests per second and latencies of several targets in one run, taking turns: A B C, A B C, …

What disturbs the machine meanwhile disturbs all alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from bench import processes
from bench.load import CONNECTIONS, Asked, Load, load
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Answer, Server

SECONDS = 1.0
LIMIT, IDLE = 0.9, 0.8
MICRO = 1e6


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, of whom, and what has to come back."""

    server: Server
    path: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    connections: int = CONNECTIONS

    def answer(self) -> Answer:
        """Raises BenchError for another answer than the one that is to be measured."""
        answer = self.server.get(self.path, dict(self.headers))
        if answer.status != self.status:
            raise BenchError(f"{self.path} answers {answer.status}, not {self.status}")
        return answer

    @property
    def asked(self) -> Asked:
        return Asked(
            port=self.server.port,
            path=self.path,
            status=self.status,
            headers=tuple(f"{name}: {value}" for name, value in self.headers),
            connections=self.connections,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One load; `used` is how much of its time the server was at work, in shares of a core."""

    load: Load
    used: float


@dataclass(frozen=True, slots=True)
class Turns:
    """All turns of one target."""

    target: Target
    turns: Sequence[Turn]

    def rate(self, name: str, of: str | None = None) -> Figure:
        """Requests per second, and the latencies that go with them."""
        rates = [turn.load.rate for turn in self.turns]
        spread = f"{min(rates):,.0f} to {max(rates):,.0f}; p50 {self._median('p50'):.2f}"
        said = f"{spread}, p95 {self._median('p95'):.2f} ms; {self._cost()}{self._doubts()}"
        return Figure(name=name, value=median(rates), unit="req/s", of=of, note=said)

    def _median(self, which: Literal["p50", "p95"]) -> float:
        return float(median(getattr(turn.load, which) for turn in self.turns))

    def _cost(self) -> str:
        """What other programs on the machine disturb least: work done for a request, idling
        aside."""
        each = median(turn.used * turn.load.seconds / turn.load.requests for turn in self.turns)
        return f"CPU {each * MICRO:,.0f} µs each"

    def _doubts(self) -> str:
        """Why a figure may be lower than the truth."""
        used = median(turn.used for turn in self.turns)
        if max(turn.load.busy for turn in self.turns) > LIMIT:
            return "; the load generator was at its limit"
        held = f"; the server used {used:.0%} of a core, so something held it up"
        return held if used < IDLE else ""


def take_turns(run: Run, targets: Mapping[str, Target]) -> dict[str, Turns]:
    for target in targets.values():
        target.answer()
        processes.settle(target.server.process.pid)
    turns: dict[str, list[Turn]] = {name: [] for name in targets}
    for _ in range(run.rounds):
        for name, target in targets.items():
            turns[name].append(_turn(run, target))
    return {name: Turns(targets[name], taken) for name, taken in turns.items()}


def _turn(run: Run, target: Target) -> Turn:
    before = processes.cpu_seconds(target.server.process.pid)
    result = load(target.asked, SECONDS, run.cores.load)
    used = processes.cpu_seconds(target.server.process.pid) - before
    return Turn(result, used / result.seconds)
