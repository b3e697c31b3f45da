"""What a plugin may ask about a document's body, computed beside the Lua machine that never has it.

Every answer takes time proportional to the body; there is no pattern that backtracks.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson

from apps.content import html
from apps.extensions.limits import ANSWER_BYTES

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_PIECE: Final = re.compile(r"\\(.)|(\*)|([^\\*]+|\\$)", re.DOTALL)


class QuestionError(ValueError):
    """The question cannot be answered; the message goes to the plugin as a Lua error."""


def word_count(body: str, argument: str | None) -> int:
    return html.words(body)


def count(body: str, selector: str | None) -> int:
    given = _given(selector, "count", "a selector")
    try:
        return html.count(body, given)
    except ValueError as error:
        raise QuestionError(f"count: {error}") from None


def digest(body: str, argument: str | None) -> str:
    return "sha256:" + hashlib.sha256(body.encode("utf-8")).hexdigest()


def matches(body: str, pattern: str | None) -> bool:
    """Whether a reader sees the pattern: a text in which * stands for anything (\\* for itself)."""
    seen, at = html.text(body), 0
    for piece in _pieces(_given(pattern, "matches", "a pattern")):
        found = seen.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def json(body: str, pointer: str | None) -> Any:
    """The value a JSON Pointer (RFC 6901) leads to in a JSON body, or None."""
    tokens = _tokens(_given(pointer, "json", "a pointer", empty=True))
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise QuestionError("json: the body is not JSON") from None
    for token in tokens:
        value = _step(value, token)
    return value


QUESTIONS: Final[Mapping[str, Callable[[str, str | None], Any]]] = MappingProxyType(
    {"count": count, "digest": digest, "json": json, "matches": matches, "word_count": word_count}
)


def answer(question: str, argument: bytes | None, body: str | None) -> bytes:
    """JSON for the prelude: {"value": ...} or {"error": text}."""
    try:
        if body is None:
            raise QuestionError(f"{question}: there is no text here")
        text = None if argument is None else argument.decode("utf-8")
        packed = orjson.dumps({"value": QUESTIONS[question](body, text)})
        if len(packed) > ANSWER_BYTES:
            raise QuestionError(f"{question}: the answer is over {ANSWER_BYTES} bytes")
    except UnicodeDecodeError:
        return orjson.dumps({"error": f"{question}: the argument is not UTF-8"})
    except QuestionError as error:
        return orjson.dumps({"error": str(error)})
    return packed


def _given(argument: str | None, name: str, what: str, *, empty: bool = False) -> str:
    if argument is None or not (argument or empty):
        raise QuestionError(f"{name} needs {what}: event.content:{name}(...)")
    return argument


def _pieces(pattern: str) -> list[str]:
    pieces = [""]
    for escaped, star, plain in _PIECE.findall(pattern):
        if star:
            pieces.append("")
        else:
            pieces[-1] += escaped or plain
    return pieces


def _tokens(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise QuestionError("json: a pointer starts with /")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _step(value: Any, token: str) -> Any:
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
        return value[int(token)]
    return None
