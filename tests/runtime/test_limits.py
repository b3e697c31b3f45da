from typing import Any

import pytest

from apps.runtime.limits import (
    CALLS_CEILING,
    FRAME_CEILING,
    MEMORY_FLOOR,
    SECONDS_CEILING,
    SIZE_CEILING,
    Limits,
    WorkerSpec,
)
from tests.tables import each_of

INSIDE = [
    ("memory", MEMORY_FLOOR),
    ("cpu_seconds", 0.001),
    ("cpu_seconds", SECONDS_CEILING),
    ("wall_seconds", SECONDS_CEILING),
    ("start_seconds", 0.001),
    ("setup_bytes", FRAME_CEILING),
    ("request_bytes", 1),
    ("reply_bytes", FRAME_CEILING),
    ("calls", 1),
    ("calls", CALLS_CEILING),
    ("program", "/bin/cat"),
]
OUTSIDE = [
    ("memory", MEMORY_FLOOR - 1),
    ("cpu_seconds", 0),
    ("cpu_seconds", SECONDS_CEILING + 1),
    ("wall_seconds", float("inf")),
    ("start_seconds", float("nan")),
    ("setup_bytes", FRAME_CEILING + 1),
    ("request_bytes", 0),
    ("reply_bytes", FRAME_CEILING + 1),
    ("calls", 0),
    ("calls", CALLS_CEILING + 1),
    ("program", "cat"),
]


@each_of(("name", "value"), INSIDE)
def test_a_bound_at_the_edge_is_taken(name: str, value: Any) -> None:
    assert getattr(Limits(**{name: value}), name) == value


@each_of(("name", "value"), OUTSIDE)
def test_a_bound_beyond_the_edge_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: value})


def test_a_pool_has_a_bounded_size() -> None:
    assert WorkerSpec(name="n", entry="e", size=SIZE_CEILING).size == SIZE_CEILING
    for size in (0, SIZE_CEILING + 1):
        with pytest.raises(ValueError, match="size"):
            WorkerSpec(name="n", entry="e", size=size)


def test_an_honest_worker_is_replaced_before_its_cpu_limit() -> None:
    limits = Limits(cpu_seconds=0.1, calls=100, start_seconds=2.0)
    assert limits.last_call == 125
    assert limits.lifetime_cpu_seconds > 0.1 * limits.last_call + 2.0
