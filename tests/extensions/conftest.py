"""Lua and templates are only ever run as the product runs them: in confined workers."""

from collections.abc import Iterator

import pytest

from apps.runtime.workers import Workers
from tests.extensions.stage import Stage


@pytest.fixture
def stage(workers: Workers) -> Iterator[Stage]:
    made = Stage(workers)
    yield made
    made.close()
