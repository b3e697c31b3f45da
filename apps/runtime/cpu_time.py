"""What a worker had of the processor, to tell one that was kept from it from one that burnt it."""

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SCHEDULED: Final = 2
"""CPUCLOCK_SCHED: all threads' time, to the nanosecond. Source: linux/posix-timers.h."""
_WAITING_FOR_THE_MACHINE: Final = frozenset("RD")
_LITTLE: Final = 0.2
"""Of its budget; several that burn share a machine of few processors."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one process since it began; not a number where the system does not tell."""

    cpu_seconds: float
    peak_bytes: float


def peak_memory(pid: int) -> float:
    """The most that it ever had in memory, shared pages included: VmHWM of proc_pid_status(5)."""
    with suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
        return 1024.0 * int(status.partition("VmHWM:")[2].split()[0])
    return math.nan


class CpuTime:
    """Of one process, since the last `start`. Where the system does not tell, nobody is starved."""

    __slots__ = ("_before", "_clock", "_pid")

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._clock = (~pid << 3) | _SCHEDULED
        self._before = math.nan

    def start(self) -> None:
        """Costs less than a microsecond."""
        self._before = self._now()

    def is_starved(self, budget: float) -> bool:
        """Whether it had little of `budget` seconds and still wants to run.

        One that sleeps is not starved: a hostile one could be late for ever and never be blamed.
        """
        had = self._now() - self._before
        return had < budget * _LITTLE and self._state() in _WAITING_FOR_THE_MACHINE

    def used(self) -> float:
        return self._now()

    def _now(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return math.nan

    def _state(self) -> str:
        """The letter of proc_pid_stat(5): R runs or would like to, D waits for a disk."""
        with suppress(OSError, IndexError):
            status = Path(f"/proc/{self._pid}/stat").read_text("utf-8", "replace")
            return status.rpartition(")")[2].split()[0]
        return "?"
