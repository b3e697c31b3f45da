"""Is hard to open: fails with its setup, never ends, or takes its time."""

import time
from collections.abc import Callable
from typing import Any


def open(setup: Any) -> Callable[[Any], Any]:
    while setup == "loop":
        pass
    if type(setup) is dict:
        time.sleep(setup["after"])
        return lambda request: request
    raise ValueError(setup)
