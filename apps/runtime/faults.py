"""What can go wrong with a confined worker, as seen by the process that asked it something.

Callers catch `WorkerFault` and go on without the answer; the kind tells a budget event from an
attack.
"""

import signal as signals
from collections.abc import Mapping
from typing import Final

_ATTACKS: Final = frozenset({signals.SIGSYS, signals.SIGSEGV, signals.SIGBUS, signals.SIGILL})
OVER_CPU_TIME: Final = "over its CPU time"


class WorkerFault(Exception):
    """Base of all faults; `worker` is the name in the WorkerSpec."""

    def __init__(self, reason: str, *, worker: str = "") -> None:
        super().__init__(f"worker {worker}: {reason}" if worker else reason)
        self.reason = reason
        self.worker = worker


class WorkerTimeout(WorkerFault):
    """Over its wall or CPU time; the worker was killed and is being replaced.

    `starved`: the machine was too busy to let it use much of its CPU time.
    """

    def __init__(
        self,
        reason: str = "no answer before the deadline",
        *,
        worker: str = "",
        starved: bool = False,
    ) -> None:
        super().__init__(reason, worker=worker)
        self.starved = starved


class WorkerDied(WorkerFault):
    """Ended by a signal that was not ours (0: by itself). SIGSYS is a refused system call."""

    def __init__(self, signal: int, *, worker: str = "") -> None:
        super().__init__(f"died by {_name(signal)}" if signal else "ended by itself", worker=worker)
        self.signal = signal

    @property
    def is_attack(self) -> bool:
        """Whether only a program that left its sandbox ends like this."""
        return self.signal in _ATTACKS


class WorkerBadFrame(WorkerFault):
    """The answer was over-long or not what an honest worker sends; the worker was killed."""


class WorkerError(WorkerFault):
    """An exception escaped from the worker module. `kind` and `message` may be hostile text."""

    def __init__(self, kind: str, message: str, *, worker: str = "") -> None:
        super().__init__(f"{kind}: {message}", worker=worker)
        self.kind = kind
        self.message = message


class WorkerUnavailable(WorkerFault):
    """No worker could take the request in time; nothing was sent."""


class SandboxMissing(Exception):
    """This machine cannot confine workers as far as is required. `missing`: layer -> reason."""

    remedy = (
        "Run on Linux 5.13 or later with Landlock and seccomp, which a container must let through;"
        " or set WHISPERCMS_SANDBOX=preferred to run extensions with less"
    )

    def __init__(self, missing: Mapping[str, str]) -> None:
        self.missing = missing
        layers = "; ".join(f"{layer} ({reason})" for layer, reason in missing.items())
        super().__init__(f"the sandbox lacks {layers}")


class WorkerRefused(WorkerFault):
    """The request itself is not JSON-like or is over `Limits.request_bytes`; nothing was sent."""


def _name(signal: int) -> str:
    try:
        return signals.Signals(signal).name
    except ValueError:
        return f"signal {signal}"
