"""Proves each layer of confinement by the forbidden act, in throw-away workers.

Layers which would refuse each other's acts go to different workers, so that none is credited with
another's refusal. What this cannot show is shown by leaving a layer out: its act must succeed.
"""

import signal
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.runtime.confinement import LAYERS, ON
from apps.runtime.faults import OVER_CPU_TIME, WorkerDied, WorkerFault, WorkerTimeout
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.worker import Worker, encode_request, start_worker
from apps.runtime.zygote_client import Zygote

PROVED: Final = "proved"
_MISSING: Final = "missing: "
ENDLESS: Final = "run for ever"
NEEDED: Final = tuple(
    layer for layer in LAYERS if layer not in ("identity", "landlock-network", "landlock-scope")
)
"""Not the user, which only root can change, nor what needs a new kernel and seccomp refuses too."""
_SECONDS: Final = 2.0
_LIMITS: Final = Limits(cpu_seconds=0.02)
_SPEC: Final = WorkerSpec(
    name="proof", entry="apps.runtime.probe_worker", setup=_LIMITS.memory, limits=_LIMITS
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker: the layers it has, and in order the acts that each of them must refuse."""

    layers: tuple[str, ...]
    acts: tuple[tuple[str, str], ...]


def _seccomp(*acts: str) -> Trial:
    return Trial(("no-new-privileges", "seccomp"), tuple(("seccomp", act) for act in acts))


_PLAIN: Final = (
    ("environment", "read environment"),
    ("descriptors", "use descriptor"),
    ("memory", "allocate"),
    ("core", "dump core"),
    ("file-size", "grow file"),
    ("cpu", "live for ever"),
    ("identity", "become root"),
    ("processes", "start process"),
    ("no-new-privileges", "gain privileges"),
)
_PRIVILEGES: Final = (
    ("capabilities", "change root"),
    ("dumpable", "be dumped"),
)
_TIME: Final = (
    ("parent-death", "outlive parent"),
    ("cpu", ENDLESS),
)
_LANDLOCK: Final = (
    ("landlock-files", "read file"),
    ("landlock-network", "connect"),
    ("landlock-scope", "signal parent"),
)
TRIALS: Final = (
    Trial(tuple(layer for layer, _ in _PLAIN), _PLAIN),
    # Becoming nobody takes these away as well.
    Trial(tuple(layer for layer, _ in _PRIVILEGES), _PRIVILEGES),
    # Becoming nobody must not undo this one; nor must the limit of processes prevent the act.
    Trial(("identity", *(layer for layer, _ in _TIME)), _TIME),
    Trial(("no-new-privileges", *(layer for layer, _ in _LANDLOCK)), _LANDLOCK),
    Trial(("open-files",), (("open-files", "read file"),)),
    # Each of these acts but the first ends its worker.
    _seccomp("read file", "create socket"),
    _seccomp("start process"),
    _seccomp("run program"),
    _seccomp("signal parent"),
    _seccomp("write file"),
)


def prove_all(zygote: Zygote, off: Collection[str] = frozenset()) -> Mapping[str, str]:
    """Layer -> "proved" or "missing: reason", in the order in which the layers are applied.

    The layers `off` are left out: that is how the proof is proved.
    """
    found: dict[str, str] = {}
    for trial in TRIALS:
        for layer, status in _run(zygote, trial, off):
            if found.get(layer, PROVED) == PROVED:
                found[layer] = status
    return {layer: found[layer] for layer in LAYERS}


def needed_but_missing(found: Mapping[str, str]) -> dict[str, str]:
    """Layer -> reason."""
    reasons = {layer: found[layer].removeprefix(_MISSING) for layer in NEEDED}
    return {layer: reason for layer, reason in reasons.items() if reason != PROVED}


def _run(zygote: Zygote, trial: Trial, off: Collection[str]) -> list[tuple[str, str]]:
    try:
        worker = start_worker(zygote, _SPEC, [name for name in trial.layers if name not in off])
    except WorkerFault as fault:
        return [(layer, f"{_MISSING}{fault}") for layer, _ in trial.acts]
    try:
        return [(layer, _try(worker, layer, act)) for layer, act in trial.acts]
    finally:
        worker.end()


def _try(worker: Worker, layer: str, act: str) -> str:
    applied = worker.layers.get(layer, ON)
    if applied != ON:
        return f"{_MISSING}{applied}"
    try:
        worker.begin(encode_request(_SPEC, act, _SPEC.limits.request_bytes))
    except WorkerFault as fault:
        return f"{_MISSING}{fault}"
    outcome = worker.wait(time.monotonic() + _SECONDS)
    return PROVED if is_refusal(act, outcome) else f"{_MISSING}{outcome}"


def is_refusal(act: str, outcome: Any) -> bool:
    """An error instead of the act, or the worker's death by the kernel's hand."""
    if isinstance(outcome, WorkerDied):
        return outcome.signal == signal.SIGSYS
    if isinstance(outcome, WorkerTimeout):
        return act == ENDLESS and outcome.reason == OVER_CPU_TIME
    return outcome is None
