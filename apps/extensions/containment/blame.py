"""Whose fault a failure is, and of which kind: the circuit breaker acts on it. Pure."""

import signal
from collections.abc import Mapping
from typing import Final

from apps.extensions.containment.breaker import Cause
from apps.runtime.faults import (
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerTimeout,
)

OUT_OF_SERVICE: Final = "out of service after failures; see manage.py extension list"
OK: Final = "ok"
OUTCOMES: Final[Mapping[str, Cause]] = {
    "budget": Cause.BUDGET,
    "memory": Cause.BUDGET,
    "error": Cause.ERROR,
    "bad-result": Cause.ERROR,
    "denied": Cause.ERROR,
}
"""What a plugin's turn may end with besides "ok"."""


def cause(fault: WorkerFault, *, abort: Cause) -> Cause | None:
    """None where nobody's program is to blame, as all workers were busy.

    One that was starved may have starved itself: enough programs that burn keep each other from
    their CPU time. An honest one gets its turn sooner or later, and ends its row of errors.

    `abort` is what SIGABRT stands for: a memory limit met where the language cannot report it. Lua
    gets there only by design, a template by being large.
    """
    if isinstance(fault, WorkerBadFrame):
        return Cause.ATTACK
    if isinstance(fault, WorkerDied):
        if fault.signal == signal.SIGABRT:
            return abort
        return Cause.ATTACK if fault.is_attack else Cause.BUDGET
    if isinstance(fault, WorkerTimeout):
        return Cause.ERROR if fault.starved else Cause.BUDGET
    return Cause.ERROR if isinstance(fault, WorkerError) else None
