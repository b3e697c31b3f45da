"""Proves each layer of confinement by the forbidden act, in throw-away workers.

Layers which would refuse each other's acts go to different workers, so that none is credited with
another's refusal.
"""

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.runtime.confinement import LAYERS, ON
from apps.runtime.faults import WorkerDied, WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.worker import Worker, encode_request, start_worker
from apps.runtime.zygote_client import Zygote

PROVED: Final = "proved"
_SECONDS: Final = 2.0


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
    ("cpu", "run for ever"),
    ("identity", "become root"),
    ("capabilities", "change root"),
    ("processes", "start process"),
    ("parent-death", "outlive parent"),
    ("dumpable", "be dumped"),
    ("no-new-privileges", "gain privileges"),
)
_LANDLOCK: Final = (
    ("landlock-files", "read file"),
    ("landlock-network", "connect"),
    ("landlock-scope", "signal parent"),
)
TRIALS: Final = (
    Trial(tuple(layer for layer, _ in _PLAIN), _PLAIN),
    Trial(("no-new-privileges", *(layer for layer, _ in _LANDLOCK)), _LANDLOCK),
    Trial(("open-files",), (("open-files", "read file"),)),
    # Each of these acts but the first ends its worker.
    _seccomp("read file", "create socket"),
    _seccomp("start process"),
    _seccomp("run program"),
    _seccomp("signal parent"),
    _seccomp("write file"),
)


def prove_all(zygote: Zygote) -> Mapping[str, str]:
    """Layer -> "proved" or "missing: reason", in the order in which the layers are applied."""
    found: dict[str, str] = {}
    for trial in TRIALS:
        for layer, status in _run(zygote, trial):
            if found.get(layer, PROVED) == PROVED:
                found[layer] = status
    return {layer: found[layer] for layer in LAYERS}


def _run(zygote: Zygote, trial: Trial) -> list[tuple[str, str]]:
    limits = Limits()
    spec = WorkerSpec(
        name="proof", entry="apps.runtime.probe_worker", setup=limits.memory, limits=limits
    )
    try:
        worker = start_worker(zygote, spec, trial.layers)
    except WorkerFault as fault:
        return [(layer, f"missing: {fault}") for layer, _ in trial.acts]
    try:
        return [(layer, _try(worker, spec, layer, act)) for layer, act in trial.acts]
    finally:
        worker.end()


def _try(worker: Worker, spec: WorkerSpec, layer: str, act: str) -> str:
    applied = worker.layers[layer]
    if applied != ON:
        return f"missing: {applied}"
    worker.begin(encode_request(spec, act, spec.limits.request_bytes))
    return _judge(worker.wait(time.monotonic() + _SECONDS))


def _judge(outcome: Any) -> str:
    refused = outcome is None or (
        isinstance(outcome, WorkerDied) and outcome.signal == signal.SIGSYS
    )
    return PROVED if refused else f"missing: {outcome}"
