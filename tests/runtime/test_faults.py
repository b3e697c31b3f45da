import signal

import pytest

from apps.runtime.faults import (
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerTimeout,
    WorkerUnavailable,
)

TEXTS = [
    (WorkerTimeout(worker="w"), "worker w: no answer before the deadline"),
    (WorkerDied(signal.SIGSYS, worker="w"), "worker w: died by SIGSYS"),
    (WorkerDied(63), "died by signal 63"),
    (WorkerDied(0), "ended by itself"),
    (WorkerError("ValueError", "no"), "ValueError: no"),
    (WorkerUnavailable("all busy", worker="w"), "worker w: all busy"),
]


@pytest.mark.parametrize(("fault", "text"), TEXTS)
def test_a_fault_says_who_and_what(fault: WorkerFault, text: str) -> None:
    assert str(fault) == text
