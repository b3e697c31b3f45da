"""Carries out plugins' JSON patches (RFC 6902) on a page that is JSON. Part of the worker ring.

The only module that imports jsonpatch. What a theme accepts was judged before, in acceptance.py.
"""

from collections.abc import Sequence
from typing import Any, Final, TypedDict

import orjson
from jsonpatch import JsonPatch, JsonPatchTestFailed

from apps.extensions import limits
from apps.extensions.messages import readable

NOT_JSON: Final = "the page is not JSON"
TOO_MUCH: Final = "the patches of this page would take too much work altogether"


class Dropped(TypedDict):
    """A patch that was not carried out: its position and why."""

    index: int
    reason: str


class _RefusedError(Exception):
    pass


def carry_out(text: str, patches: Sequence[Any]) -> tuple[str, list[Dropped]]:
    """Each patch on what the ones before have made, whole or not at all.

    Keys keep their order. Without a patch that could be carried out the text stays what it is.
    """
    try:
        document = orjson.dumps(orjson.loads(text))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return text, [{"index": index, "reason": NOT_JSON} for index in range(len(patches))]
    work, dropped = limits.PATCHING_WORK, list[Dropped]()
    for index, patch in enumerate(patches):
        operations = patch["operations"]
        cost = _cost(document, operations)
        try:
            if cost > work:
                raise _RefusedError(TOO_MUCH)
            work -= cost
            document = _patched(document, operations)
        except _RefusedError as error:
            dropped.append({"index": index, "reason": str(error)})
    done = len(dropped) < len(patches)
    return (document.decode() if done else text), dropped


def _patched(document: bytes, operations: list[dict[str, Any]]) -> bytes:
    """The document is read anew, so that a patch which fails half-way leaves nothing behind."""
    try:
        patch = JsonPatch(operations)
        changed = orjson.dumps(patch.apply(orjson.loads(document), in_place=True))
    except JsonPatchTestFailed as error:
        place = getattr(error.op, "location", "")
        raise _RefusedError(f"its test of {readable(str(place))!r} failed") from None
    except Exception as error:  # It raises whatever Python does with the wrong kind of value.
        raise _RefusedError(readable(str(error)) or type(error).__name__) from None
    if len(changed) > limits.PATCHED_BYTES:
        raise _RefusedError(f"the page would be larger than {limits.PATCHED_BYTES} bytes")
    return changed


def _cost(document: bytes, operations: list[dict[str, Any]]) -> int:
    written = len(orjson.dumps(operations))
    return len(document) * limits.PATCH_PAGE_COST + written * limits.PATCH_VALUE_COST
