from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.console.extending.rooms import Room
from tests.console.writing.desk import Desk


@pytest.fixture
def room(desk: Desk, tmp_path: Path) -> Iterator[Room]:
    with override_settings(STATE=tmp_path):
        yield Room(desk)
