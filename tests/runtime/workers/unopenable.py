"""Cannot be opened: fails with its setup, or never ends."""

from collections.abc import Callable
from typing import Any


def open(setup: Any) -> Callable[[Any], Any]:
    while setup == "loop":
        pass
    raise ValueError(setup)
