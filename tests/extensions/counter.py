"""Worker module that answers each call with the number of calls so far, or with a fault where the
event asks for it."""

from collections.abc import Callable
from itertools import count
from typing import Any


def open(setup: Any) -> Callable[[Any], Any]:
    numbers = count(1)

    def reply(event: dict[str, Any]) -> dict[str, Any]:
        number, told = next(numbers), event["site"]
        if "outcome" in told:
            return {"outcome": told["outcome"], "message": "as was asked for", "line": 1}
        entry = {"kind": told.get("kind", "metadata"), "key": "n", "value": number}
        return {"outcome": "ok", "proposals": [entry, *told.get("more", ())]}

    return lambda request: {"replies": [reply(call["event"]) for call in request["calls"]]}
