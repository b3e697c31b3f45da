"""`python -m bench.soak MINUTES`: a hundred connections, a sync every two seconds, and a plugin
that misbehaves. Every answer is looked at; ends with 1 where one was wrong or memory grew."""

import gc
import json
import selectors
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from random import Random
from statistics import linear_regression

from bench import processes, servers, sites, soaked
from bench.asking import Visitor, Whole
from bench.hits import FEATURES
from bench.processes import cores, on
from bench.run import Run, temporary
from bench.servers import Server
from bench.soaked import PAGES, Asked, Bytes, Marks
from bench.syncs import Syncing, syncing

CONNECTIONS, SYNC_SECONDS, SEED = 100, 2.0, 11
WEIGH_SECONDS = 1.0
WARM_SECONDS = 90.0
"""Three rounds of all plugins; workers are started and caches filled meanwhile."""
GROWTH_MB, WARMING_MB = 24.0, 96.0
"""By how much the line through the weighings may rise from the warm-up to the end; and in a run
that is over before it is warm."""
PAUSE = 0.1


@dataclass(slots=True)
class Found:
    """What a soak has seen so far. `weights` are (seconds, MB)."""

    answers: Counter[int] = field(default_factory=Counter)
    flaws: Counter[str] = field(default_factory=Counter)
    weights: list[tuple[float, float]] = field(default_factory=list)
    syncs: int = 0
    plugged: int = 0
    slowest: float = 0.0

    def growth(self) -> tuple[float, float]:
        """MB by which memory rose after the warm-up, and MB by which it may."""
        warm = [each for each in self.weights if each[0] >= WARM_SECONDS]
        bound = GROWTH_MB if len(warm) > WARM_SECONDS / WEIGH_SECONDS else WARMING_MB
        weighed = warm if bound == GROWTH_MB else self.weights
        if len(weighed) < 2:
            return 0.0, bound
        slope = linear_regression(*zip(*weighed, strict=True)).slope
        return slope * (weighed[-1][0] - weighed[0][0]), bound

    @property
    def sound(self) -> bool:
        growth, bound = self.growth()
        used = self.answers[HTTPStatus.OK] and self.syncs and self.plugged
        return bool(used) and not self.flaws and growth <= bound

    def as_json(self) -> dict[str, object]:
        growth, bound = self.growth()
        every = 1 + len(self.weights) // 20
        return {
            "answers": {str(status): number for status, number in sorted(self.answers.items())},
            "of_the_honest_plugin": self.plugged,
            "syncs": self.syncs,
            "slowest_ms": round(self.slowest * 1000, 1),
            "memory_growth_mb": round(growth, 1),
            "memory_growth_bound_mb": bound,
            "memory_mb": [round(weight) for _, weight in self.weights[::every]],
            "flaws": dict(self.flaws.most_common(20)),
        }


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    found = soak(parser.parse_args(arguments).minutes * 60)
    print(json.dumps(found.as_json(), indent=2))
    return 0 if found.sound else 1


def soak(seconds: float) -> Found:
    """Raises BenchError where the node does not start, or a sync fails."""
    with temporary() as folder, _node(folder) as (run, server, syncs):
        found, marks = Found(), Marks()
        over = threading.Event()
        beside = [
            threading.Thread(target=_sync, args=(run, syncs, marks, found, over)),
            threading.Thread(target=_weigh, args=(server, found, over)),
        ]
        for thread in beside:
            thread.start()
        try:
            with on(run.cores.load):
                _Visits(server.port, marks, found).go_on(seconds)
        finally:
            over.set()
            for thread in beside:
                thread.join()
    return found


@contextmanager
def _node(folder: Path) -> Iterator[tuple[Run, Server, Syncing]]:
    site = sites.empty(folder, "soaked", {**soaked.extensions(), "README.md": "A soaked site.\n"})
    soaked.written(site, 0, list(range(PAGES)))
    run = Run(folder=folder, site=site, cores=cores())
    state = run.state()
    with servers.web(run, state, FEATURES) as server, syncing(run, state) as syncs:
        yield run, server, syncs


def _sync(run: Run, syncs: Syncing, marks: Marks, found: Found, over: threading.Event) -> None:
    commit, due = 0, time.perf_counter()
    while not over.wait(max(0.0, due - time.perf_counter())):
        due += SYNC_SECONDS
        commit += 1
        try:
            soaked.written(run.site, commit, marks.begin(commit))
            syncs.sync()
        except Exception as error:
            found.flaws[f"a sync failed: {error}"] += 1
            return
        marks.promise()
        found.syncs += 1


def _weigh(server: Server, found: Found, over: threading.Event) -> None:
    start = time.perf_counter()
    while not over.wait(WEIGH_SECONDS):
        weight = processes.memory_mb(server.tree())
        found.weights.append((time.perf_counter() - start, weight))


class _Visits:
    """All connections: each asks again as soon as it has its answer."""

    def __init__(self, port: int, marks: Marks, found: Found) -> None:
        self._port, self._marks, self._found = port, marks, found
        self._random = Random(SEED)
        self._selector = selectors.DefaultSelector()
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._bytes = Bytes()

    def go_on(self, seconds: float) -> None:
        gc.disable()
        end = time.perf_counter() + seconds
        for _ in range(CONNECTIONS):
            self._join()
        while time.perf_counter() < end:
            for key, _ in self._selector.select(PAUSE):
                self._look(*key.data)
            gc.collect(0)
        for key in list(self._selector.get_map().values()):
            key.data[0].close()
        self._selector.close()

    def _join(self) -> None:
        self._ask(Visitor(self._port), new=True)

    def _ask(self, visitor: Visitor, *, new: bool = False) -> None:
        asked = self._chosen()
        visitor.ask(asked.path, *asked.headers)
        data = (visitor, asked, time.perf_counter())
        if new:
            self._selector.register(visitor.socket, selectors.EVENT_READ, data)
        else:
            self._selector.modify(visitor.socket, selectors.EVENT_READ, data)

    def _chosen(self) -> Asked:
        """Mostly pages, some of them as a browser asks that has been there."""
        which, number = self._random.random(), self._random.randrange(PAGES)
        commit, promised = self._marks.commits[0], self._marks.promised
        asked = Asked(path=soaked.page(number), number=number, promised=promised, commit=commit)
        if which < 0.05:
            return replace(asked, path=soaked.MISSING, number=None)
        if which < 0.1:
            return replace(asked, path=soaked.LIST, number=None)
        if which < 0.4 and (kept := self._kept.get(asked.path)):
            return replace(asked, tag=kept[0], kept=kept[1])
        return asked

    def _look(self, visitor: Visitor, asked: Asked, since: float) -> None:
        try:
            answer = visitor.take()
            if answer is None:
                return
            self._note(asked, answer, since)
            self._ask(visitor)
        except OSError as error:
            self._found.flaws[f"no answer: {error}"] += 1
            self._selector.unregister(visitor.socket)
            visitor.close()
            self._join()

    def _note(self, asked: Asked, answer: Whole, since: float) -> None:
        found = self._found
        found.answers[answer.status] += 1
        found.plugged += soaked.PLUGGED in answer.head
        found.slowest = max(found.slowest, time.perf_counter() - since)
        if said := soaked.flaw(asked, answer, self._marks, self._bytes):
            found.flaws[f"{asked.path}: {said}"] += 1
        elif answer.status == HTTPStatus.OK and answer.tag:
            self._kept[asked.path] = (answer.tag, answer.content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
