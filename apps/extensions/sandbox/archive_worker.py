"""The confined worker that unpacks what somebody uploaded: parsers of archives are old and many
have been fooled."""

from collections.abc import Callable
from typing import Any

from apps.content.carrying import as_content, as_text
from apps.extensions.sandbox.unpacking import Unpackable, unpacked


def open(setup: Any) -> Callable[[Any], Any]:
    return answer


def answer(request: Any) -> Any:
    """`{"files": {path: content}}`, or `{"refused": [code, reason]}`."""
    try:
        files = unpacked(as_content(request["content"]))
    except Unpackable as error:
        return {"refused": [error.code, str(error)]}
    return {"files": {path: as_text(content) for path, content in files.items()}}
