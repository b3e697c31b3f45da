"""Confined workers that hostile documents are given to, and whose fault it is where one fails.

Used by `rendering` and `scribe`. What comes of a document is kept, so it must not depend on what
else the machine was doing.
"""

import signal
import time
from dataclasses import replace
from typing import Any, Final

from apps.runtime.faults import (
    OVER_CPU_TIME,
    WorkerDied,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.limits import RETRY_SECONDS, WorkerSpec
from apps.runtime.workers import Workers

TRIES: Final = 2
"""By workers that have read nothing yet, as long as it is the machine that fails."""
FROM_OUTSIDE: Final = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
"""Nothing that a document does ends its worker so: a person does, or a machine out of memory."""


class DocumentWorkers:
    """Thread-safe. Costs nothing until it is asked."""

    def __init__(self, workers: Workers, spec: WorkerSpec) -> None:
        self._pool = workers.pool(spec)
        limits = replace(spec.limits, calls=1)
        self._fresh = workers.pool(replace(spec, name=f"{spec.name}-alone", limits=limits, size=1))

    def close(self) -> None:
        """Later calls end in a WorkerFault."""
        self._pool.close()
        self._fresh.close()

    def ask(self, request: Any) -> Any:
        """Once. Raises WorkerFault."""
        return self._pool.call(request)

    def ask_alone(self, request: Any) -> Any:
        """Of a worker that is asked nothing before and nothing after. Raises WorkerFault, which
        then says for certain whether it `is_the_machines`."""
        for number in range(TRIES):
            try:
                return self._fresh.call(request)
            except WorkerFault as fault:
                if not is_the_machines(fault) or number + 1 == TRIES:
                    raise
                if isinstance(fault, WorkerUnavailable):
                    time.sleep(RETRY_SECONDS)
        raise AssertionError

    def ask_surely(self, request: Any) -> Any:
        """As `ask`, and alone where that failed. Raises WorkerFault as `ask_alone`."""
        try:
            return self.ask(request)
        except WorkerRefused:
            raise
        except WorkerFault:
            return self.ask_alone(request)


def is_the_machines(fault: WorkerFault) -> bool:
    """Whether another try may end otherwise. A worker does nothing but compute, so one that is late
    with CPU time to spare did not get it."""
    if isinstance(fault, WorkerTimeout):
        return fault.reason != OVER_CPU_TIME
    if isinstance(fault, WorkerDied):
        return fault.signal in FROM_OUTSIDE
    return isinstance(fault, WorkerUnavailable)
