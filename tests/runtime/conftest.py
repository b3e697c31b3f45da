"""One zygote for all tests of a module, and a builder of specs."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers
from tests.runtime.pools import MakePool


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.stop()


@pytest.fixture
def make_pool(workers: Workers) -> Iterator[MakePool]:
    """Short names mean tests/runtime/workers; roomy times suit busy machines."""
    pools: list[WorkerPool] = []

    def make(
        entry: str = "echo", *, setup: Any = None, size: int = 1, keeps: int = 1, **limits: Any
    ) -> WorkerPool:
        dotted = entry if "." in entry else f"tests.runtime.workers.{entry}"
        bounds = Limits(**{"wall_seconds": 3.0, "cpu_seconds": 1.0, **limits})
        pool = workers.pool(
            WorkerSpec(name=entry, entry=dotted, setup=setup, size=size, keeps=keeps, limits=bounds)
        )
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()
