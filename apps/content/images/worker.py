"""The confined worker that pictures are given to; one bad picture spoils no other.

Asked by `image_workers`. Imports all it needs at once: confined, nothing can be opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from typing import Any

from apps.content.carrying import as_content, as_text
from apps.content.images import pillow

Answer = dict[str, Any]


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is not used: what becomes of a picture depends on its bytes and the order alone."""
    return answer


def answer(request: Mapping[str, Any]) -> Any:
    """Raises ValueError for what is no request; a picture's own faults are in its answer."""
    match request["op"]:
        case "look":
            return [_told(_look, each) for each in request["pictures"]]
        case "make":
            return _told(_make, request)
    raise ValueError("the operations are look and make")


def _told(act: Callable[[Any], Answer], request: Any) -> Answer:
    try:
        return act(request)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise  # Of the worker: another one may have the room.
    except Exception as error:
        # Pillow raises whatever its decoders come upon.
        return {"fault": type(error).__name__}


def _look(content: str) -> Answer:
    return {"facts": list(astuple(pillow.look(as_content(content))))}


def _make(request: Mapping[str, Any]) -> Answer:
    left, top, right, bottom = request["box"]
    order = pillow.Order(
        width=request["width"],
        height=request["height"],
        box=(left, top, right, bottom),
        format=request["format"],
        quality=request["quality"],
    )
    return {"content": as_text(pillow.make(as_content(request["content"]), order))}
