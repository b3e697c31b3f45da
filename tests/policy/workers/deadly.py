"""A worker that one text ends, as by a bug of the engine that nobody knows yet."""

import ctypes
import os
from collections.abc import Callable, Mapping
from typing import Any

NOTHING = {"flaws": [], "failed": [], "policies": 0, "cases": 0}
ACTS: dict[str, Callable[[], Any]] = {
    "die": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "lie": lambda: {"flaws": [{"path": 3}]},
    "babble": lambda: "nothing is wrong",
}


def open(setup: Any) -> Callable[[Any], Any]:
    def answer(files: Mapping[str, str]) -> Any:
        for text in files.values():
            if text in ACTS:
                return ACTS[text]()
        if len(files) > 2:
            os.abort()
        return NOTHING

    return answer
