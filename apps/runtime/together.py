"""One request each to several pools at once, under one deadline: a phase of a page request."""

import math
import select
import time
from collections.abc import Sequence
from typing import Any

from apps.runtime.faults import WorkerFault, WorkerUnavailable
from apps.runtime.limits import BUSY_SECONDS, CONTENTION_SECONDS
from apps.runtime.pool import WorkerPool
from apps.runtime.worker import PENDING, Worker


def call_together(
    calls: Sequence[tuple[WorkerPool, Any]], *, wall_seconds: float
) -> list[Any | WorkerFault]:
    """Answers or faults in the order of `calls`; what is late is killed. A pool may occur twice.

    A call whose pool is busy is given up after BUSY_SECONDS.
    """
    return _Gathering(calls, time.monotonic() + wall_seconds).run()


class _Gathering:
    __slots__ = ("_asked", "_deadline", "_outcomes", "_patience", "_poller", "_pools", "_waiting")

    def __init__(self, calls: Sequence[tuple[WorkerPool, Any]], deadline: float) -> None:
        self._deadline = deadline
        self._patience = min(deadline, time.monotonic() + BUSY_SECONDS)
        self._pools = [pool for pool, _ in calls]
        self._outcomes: list[Any] = [None] * len(calls)
        self._waiting: dict[int, bytes] = {}
        self._asked: dict[int, tuple[int, Worker]] = {}
        self._poller = select.poll()
        for place, (pool, request) in enumerate(calls):
            try:
                self._waiting[place] = pool.encode(request)
            except WorkerFault as fault:
                self._outcomes[place] = fault

    def run(self) -> list[Any]:
        late = False
        try:
            while not late and self._ask():
                remaining = self._deadline - time.monotonic()
                late = remaining <= 0
                self._collect(0 if late else remaining)
        finally:
            self._end_late()
        return self._outcomes

    def _ask(self) -> bool:
        """Sends what there are free workers for. False when nothing is left to wait for."""
        for place, frame in list(self._waiting.items()):
            try:
                worker = self._pools[place].begin_now(frame)
                if worker is None:
                    self._check_patience(self._pools[place])
                    continue
            except WorkerFault as fault:
                self._outcomes[place] = fault
            else:
                self._asked[worker.descriptor] = (place, worker)
                self._poller.register(worker.descriptor, worker.interest)
            del self._waiting[place]
        return bool(self._waiting or self._asked)

    def _check_patience(self, busy: WorkerPool) -> None:
        """Raises WorkerUnavailable where its workers have been waited for long enough."""
        if time.monotonic() >= self._patience and not busy.is_cold:
            raise WorkerUnavailable("no worker was free in time", worker=busy.spec.name)

    def _collect(self, seconds: float) -> None:
        """One wait, then all that is there. Nobody tells us of workers given back to a pool."""
        patience = min(seconds, CONTENTION_SECONDS) if self._waiting else seconds
        for descriptor, _ in self._poller.poll(math.ceil(patience * 1000)):
            place, worker = self._asked[descriptor]
            outcome = worker.advance()
            if outcome is PENDING:
                self._poller.modify(descriptor, worker.interest)
            else:
                self._settle(place, worker, outcome)

    def _settle(self, place: int, worker: Worker, outcome: Any) -> None:
        del self._asked[worker.descriptor]
        self._poller.unregister(worker.descriptor)
        self._outcomes[place] = outcome
        self._pools[place].finish(worker, outcome)

    def _end_late(self) -> None:
        for place, worker in list(self._asked.values()):
            self._settle(place, worker, worker.overdue())
        for place in self._waiting:
            name = self._pools[place].spec.name
            self._outcomes[place] = WorkerUnavailable("no worker was free in time", worker=name)
