"""What a schema has against a manifest, all of it at once. Pure."""

from collections.abc import Iterator
from functools import reduce
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from apps.extensions import limits

Place = tuple[int | str, ...]
Defect = tuple[Place, str, str]
"""Place, rule and reason."""
PLACE_CHARACTERS: Final = 200
TOLD_APART: Final = "told_apart"
"""The rule of a value whose defects are told otherwise, each with its own place."""

_UNKNOWN: Final = "extra_forbidden"
_LIST: Final = "must be a list"
_TABLE: Final = "must be a table"
_REASONS: Final = {
    "missing": "is missing",
    _UNKNOWN: "is not known here",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
}
"""For whoever wrote TOML, not Python."""


def defects_of(model: type[BaseModel], data: Any, error: ValidationError) -> Iterator[Defect]:
    """The `error` of validating `data`, and what is behind it: pydantic holds the values of a table
    against each other only where none of its keys is unknown."""
    yield from told(error)
    unknown = [each["loc"] for each in error.errors() if each["type"] == _UNKNOWN]
    try:
        model.model_validate(reduce(_without, unknown[: limits.MANIFEST_PROBLEMS], data))
    except ValidationError as behind:
        yield from told(behind)


def _without(data: Any, place: Place) -> Any:
    """A copy that lacks the key at this place."""
    first, rest = place[0], place[1:]
    if not rest:
        return {key: value for key, value in data.items() if key != first}
    if type(data) is list:
        return [_without(each, rest) if n == first else each for n, each in enumerate(data)]
    return {key: _without(each, rest) if key == first else each for key, each in data.items()}


def told(error: ValidationError) -> Iterator[Defect]:
    """Each with the name of the rule that it breaks."""
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        if each["type"] == TOLD_APART:
            continue
        place = tuple(part for part in each["loc"] if not _is_union_member(part))
        reason = _REASONS.get(each["type"]) or _in_words(each["msg"])
        yield place, each["type"].replace("_", "-"), reason


def sentence(place: Place, reason: str) -> str:
    """Nothing is before a reason that is of the whole."""
    return f"{'.'.join(map(str, place))[:PLACE_CHARACTERS]}: {reason}" if place else reason


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "must")


def _is_union_member(part: int | str) -> bool:
    """pydantic puts the alternative that was tried into an error's place."""
    return part in ("str", "bool", "int", "float") or "[" in str(part)
