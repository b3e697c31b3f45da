from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.stage import Stage, console
from tests.console.writing.desk import Desk
from tests.console.writing.desk import desk as opened


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with console(tmp_path) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, workers: Workers, renderer: Renderer) -> Iterator[Desk]:
    """A console over a real site."""
    with opened(tmp_path, workers, renderer) as made:
        yield made
