from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.stage import Stage, console


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with console(tmp_path) as made:
        yield made
