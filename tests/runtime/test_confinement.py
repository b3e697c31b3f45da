"""What a worker with all its layers can still do: nothing but answer."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.runtime.confinement import LAYERS, ON
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.probe_worker import ACTS
from apps.runtime.proof import ENDLESS, PROVED, TRIALS, is_refusal, prove_all
from apps.runtime.worker import Worker, encode_request, start_worker
from apps.runtime.workers import Workers
from apps.runtime.zygote_client import Zygote
from tests.runtime.pools import MakePool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all layers")

SPEC = WorkerSpec(name="probe", entry="apps.runtime.probe_worker", setup=Limits().memory)
NO_LAYER = ("none of them",)
ONLY_FOR_ROOT = {"become root", "change root"}

ALWAYS_MISSING = set[str]() if os.geteuid() == 0 else {"identity"}
EXPOSED: dict[str, set[str]] = (
    {
        # Root is not held to a number of processes.
        "identity": {"processes"},
        # Root with its rights may trace anybody.
        "capabilities": {"dumpable"},
    }
    if os.geteuid() == 0
    # Of anybody but root the kernel takes no rules before this promise.
    else {
        "no-new-privileges": {"landlock-files", "landlock-network", "landlock-scope", "seccomp"},
    }
)

Start = Callable[..., Worker]


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.stop()


@pytest.fixture
def start(zygote: Zygote) -> Iterator[Start]:
    """Not from a pool: only a proof may choose the layers."""
    started: list[Worker] = []

    def start(layers: tuple[str, ...] | None = None, spec: WorkerSpec = SPEC) -> Worker:
        started.append(start_worker(zygote, spec, layers))
        return started[-1]

    yield start
    for worker in started:
        worker.end()


def attempt(worker: Worker, act: str) -> Any:
    worker.begin(encode_request(SPEC, act, SPEC.limits.request_bytes))
    return worker.wait(time.monotonic() + 3.0)


def test_every_layer_holds_and_is_reported(start: Start) -> None:
    off = {layer for layer, status in start().layers.items() if status != ON}
    assert off == ALWAYS_MISSING


def test_a_layer_which_cannot_be_had_is_reported_with_its_reason(start: Start) -> None:
    setup = {"argv": ["/bin/cat"], "seconds": 1}
    limits = Limits(program="/bin/cat")
    entry = "apps.runtime.program_worker"
    worker = start(spec=WorkerSpec(name="cat", entry=entry, setup=setup, limits=limits))
    off = {layer: status for layer, status in worker.layers.items() if status != ON}
    assert off.pop("processes").startswith("off: ")
    assert set(off) == ALWAYS_MISSING


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_confined_worker_is_refused_or_killed(start: Start, act: str) -> None:
    assert is_refusal(act, attempt(start(), act))


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {ENDLESS}))
def test_without_layers_the_same_act_is_possible(start: Start, act: str) -> None:
    if act in ONLY_FOR_ROOT and os.geteuid() != 0:
        pytest.skip("needs root")
    if act == "dump core" and resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("dumps are off for the tests themselves")
    assert not is_refusal(act, attempt(start(NO_LAYER), act))


def test_even_without_layers_a_call_is_bounded_in_cpu_time(start: Start) -> None:
    assert is_refusal(ENDLESS, attempt(start(NO_LAYER), ENDLESS))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_is_left_out_is_missed_and_no_other(zygote: Zygote, layer: str) -> None:
    if os.geteuid() != 0 and layer in ("identity", "capabilities"):
        pytest.skip("needs root")
    if layer == "core" and resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("dumps are off for the tests themselves")
    found = prove_all(zygote, off={layer})
    missing = {name for name, status in found.items() if status != PROVED}
    assert missing == {layer} | EXPOSED.get(layer, set()) | ALWAYS_MISSING
    assert all(status.startswith("missing: ") for name, status in found.items() if name in missing)


def test_every_layer_is_tried_by_some_act() -> None:
    assert {layer for trial in TRIALS for layer, _ in trial.acts} == set(LAYERS)


def test_every_layer_is_proved_or_says_why_not(workers: Workers) -> None:
    found = workers.confinement()
    assert list(found) == list(LAYERS)
    missing = {layer: status for layer, status in found.items() if status != PROVED}
    assert set(missing) == ALWAYS_MISSING
    assert all(status.startswith("missing: off: ") for status in missing.values())


def test_a_worker_finds_nothing_around_it(make_pool: MakePool) -> None:
    found = make_pool("witness").call(None)
    assert found["environment"] == 0
    assert found["environment is empty"]
    assert found["other descriptors"] == [0, 1, 2]
    assert found["path"] == []
    assert found["modules"] == []
