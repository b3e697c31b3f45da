"""Whether a value of the front matter is what a field may hold. Pure; values and rules are hostile.

Patterns are those of Rust's `regex`, by way of pydantic: they take a time that follows the text.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from apps.content import dates
from apps.content.timing import FORM, shown

Kind = Literal[
    "string", "text", "integer", "number", "boolean", "date", "list", "choice", "document", "image"
]
REQUIRED, VALUE, CHOICE = "type.required", "type.value", "type.choice"
ITEMS: Final = 1_000
"""Of a list that is looked at."""
IMAGES: Final = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"))
LENGTHS: Final = frozenset(("string", "text", "list"))
"""Kinds of which `minimum` and `maximum` count characters or items."""

Flaw = tuple[str, str]
"""The code of a problem, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """What one field may hold. `minimum` and `maximum` are of numbers, or of lengths."""

    name: str
    type: Kind = "string"
    required: bool = False
    choices: tuple[Any, ...] = ()
    default: Any = None
    help: str = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    pattern: str = ""

    def defect(self) -> str | None:
        """Why nothing could ever fit it."""
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            return "the minimum is above the maximum"
        try:
            _matcher(self.pattern)
        except SchemaError:
            return f"{self.pattern[:80]!r} is no pattern"
        return None


def flaw_of(rule: FieldRule, value: Any) -> Flaw | None:
    """None where the value fits; a missing one fits unless it is required and has no default."""
    if value is None or value == "":
        if rule.required and rule.default is None:
            return REQUIRED, "is required; add it"
        return None
    if wanted := _other_than(rule.type, value):
        return VALUE, f"is {shown(value)}; it must be {wanted}"
    listed = value if rule.type == "list" else [value]
    for each in listed[:ITEMS]:
        if rule.choices and each not in rule.choices:
            allowed = ", ".join(map(str, rule.choices))[:200]
            return CHOICE, f"is {shown(each)}; it must be one of {allowed}"
        if rule.pattern and isinstance(each, str) and not _matches(rule.pattern, each):
            return VALUE, f"is {shown(each)}; it must match {rule.pattern[:80]}"
    return _outside(rule, value)


def _other_than(kind: Kind, value: Any) -> str | None:
    """What it should be, where it is not."""
    match kind:
        case "string":
            return None if isinstance(value, str) and "\n" not in value else "one line of text"
        case "text":
            return None if isinstance(value, str) else "a text"
        case "integer":
            return None if type(value) is int else "a whole number"
        case "number":
            return None if type(value) in (int, float) else "a number"
        case "boolean":
            return None if type(value) is bool else "true or false"
        case "list":
            return None if isinstance(value, list) else "a list"
        case "choice":
            return None if isinstance(value, str | int | float) else "one of the choices"
    return _no_reference(kind, value)


def _no_reference(kind: Kind, value: Any) -> str | None:
    if kind == "date":
        return None if dates.read_date(value) else f"a date; {FORM}"
    path = isinstance(value, str) and value.isprintable() and "\\" not in value
    if kind == "document":
        return None if path else "the path of a document, such as @/about.md"
    image = path and PurePosixPath(value.partition("?")[0]).suffix.lower() in IMAGES
    return None if image else "the path of an image, such as media/a.jpg"


def _outside(rule: FieldRule, value: Any) -> Flaw | None:
    size = len(value) if rule.type in LENGTHS else value
    if not isinstance(size, int | float) or isinstance(size, bool):
        return None
    what = " characters or items" if rule.type in LENGTHS else ""
    if rule.minimum is not None and size < rule.minimum:
        return VALUE, f"is {shown(value)}; {rule.minimum}{what} are the least"
    if rule.maximum is not None and size > rule.maximum:
        return VALUE, f"is {shown(value)}; {rule.maximum}{what} are the most"
    return None


@lru_cache(maxsize=256)
def _matcher(pattern: str) -> TypeAdapter[str]:
    """Raises SchemaError for what is no pattern, or too large a one."""
    return TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])


def _matches(pattern: str, text: str) -> bool:
    try:
        _matcher(pattern).validate_python(text)
    except ValidationError:
        return False
    return True
