"""What a site says of its kinds of documents: which fields they have, and what these may hold.

Decoded from `[whispercms.types.<name>]`, asked by `documents` at each sync, and by whoever makes a
form of it. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.content.entries import PAGE, Entry
from apps.content.field_values import FieldRule, Kind, flaw_of
from apps.content.problems import Problem
from apps.content.timing import Tell

TYPES: Final = 50
FIELDS: Final = 100
"""Of one type."""
PATTERNS: Final = 20
PATTERNS_OF_FIELDS: Final = 50
"""Of all types together: some take 50 ms and 8 MiB, in every process that reads the site."""
CHOICES: Final = 200
TEXT: Final = 500
NAME: Final = r"^[a-z][a-z0-9_-]{0,63}$"
CODE, UNKNOWN = "type.", "type.unknown-type"

Text = str | int | float
Control = Literal["line", "lines", "number", "switch", "day", "several", "choice", "file"]
CONTROLS: Final[Mapping[Kind, Control]] = {
    "string": "line",
    "text": "lines",
    "integer": "number",
    "number": "number",
    "boolean": "switch",
    "date": "day",
    "list": "several",
    "choice": "choice",
    "document": "file",
    "image": "file",
}


class FieldTable(BaseModel):
    """One table `[whispercms.types.<name>.fields.<field>]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    type: Kind = "string"
    required: bool = False
    choices: list[Text] = Field(default=[], max_length=CHOICES)
    default: Any = None
    help: str = Field(default="", max_length=TEXT)
    minimum: int | float | None = None
    maximum: int | float | None = None
    pattern: str = Field(default="", max_length=TEXT)

    @model_validator(mode="after")
    def _fits(self) -> "FieldTable":
        if self.type == "choice" and not self.choices:
            raise ValueError("a choice needs its choices")
        rule = self.rule("default")
        found = None if self.default is None else flaw_of(rule, self.default)
        if reason := rule.defect() or (found and found[1]):
            raise ValueError(reason)
        return self

    def rule(self, name: str) -> FieldRule:
        values = self.model_dump(exclude={"choices"})
        return FieldRule(name=name, choices=tuple(self.choices), **values)


class TypeTable(BaseModel):
    """One table `[whispercms.types.<name>]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    folder: list[str] = Field(default=[], max_length=PATTERNS)
    section: list[str] = Field(default=[], max_length=PATTERNS)
    strict: bool = False
    help: str = Field(default="", max_length=TEXT)
    fields: dict[str, FieldTable] = Field(default={}, max_length=FIELDS)

    def content_type(self, name: str) -> "ContentType":
        fields = tuple(table.rule(field) for field, table in self.fields.items())
        return ContentType(
            name=name,
            folders=tuple(self.folder),
            sections=tuple(self.section),
            strict=self.strict,
            help=self.help,
            fields=fields,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentType:
    """`folders` of the repository and `sections` as URLs show them are patterns, whose `*` stands
    for one name; all below them is of this type. `strict`: what does not fit refuses a commit."""

    name: str
    folders: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    strict: bool = False
    help: str = ""
    fields: tuple[FieldRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field as a form asks for it, under its `label`."""

    name: str
    label: str
    control: Control
    help: str
    required: bool
    choices: tuple[Text, ...]
    default: Any


Types = tuple[ContentType, ...]


def form(content_type: ContentType) -> tuple[FormField, ...]:
    """In the order of the configuration."""
    return tuple(
        FormField(
            name=rule.name,
            label=rule.name.replace("_", " ").replace("-", " ").capitalize(),
            control="choice" if rule.choices and rule.type != "list" else CONTROLS[rule.type],
            help=rule.help,
            required=rule.required,
            choices=rule.choices,
            default=rule.default,
        )
        for rule in content_type.fields
    )


def type_of(types: Types, front: Mapping[str, Any], source: str, section: str) -> str:
    """The type that a page names, else the first one that takes its folder or section."""
    said = front.get("type")
    if isinstance(said, str) and said:
        return said
    folder = source.rpartition("/")[0]
    for each in types:
        if _takes(each.folders, folder) or _takes(each.sections, section):
            return each.name
    return ""


def filled(
    types: Types, name: str, front: Mapping[str, Any], kind: str, tell: Tell
) -> Mapping[str, Any]:
    """The front matter with the defaults of its type; tells what does not fit. Only pages have
    types, and without any type declared a name is nothing but a name."""
    if not types or not name or kind != PAGE:
        return front
    found = next((each for each in types if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in types)
        tell("type", UNKNOWN, f"there is no type {name[:80]!r}; there are {known}")
        return front
    for rule in found.fields:
        if (flaw := flaw_of(rule, front.get(rule.name))) is not None:
            tell(rule.name, flaw[0], f"{rule.name}: {flaw[1]}")
    missing = {
        rule.name: rule.default
        for rule in found.fields
        if rule.default is not None and front.get(rule.name) is None
    }
    return {**front, **missing}


def refusals(types: Types, entries: Iterable[Entry]) -> list[Problem]:
    """What does not fit a strict type."""
    return sorted(_refusals({each.name for each in types if each.strict}, entries))


def _refusals(strict: set[str], entries: Iterable[Entry]) -> Iterator[Problem]:
    for entry in entries if strict else ():
        if entry.document and entry.document.type in strict:
            yield from (each for each in entry.problems if each.code.startswith(CODE))


def _takes(patterns: Iterable[str], folder: str) -> bool:
    parts = folder.split("/") if folder else []
    return any(_below(pattern.strip("/").split("/"), parts) for pattern in patterns)


def _below(pattern: list[str], parts: list[str]) -> bool:
    """A segment is compared with a segment, so that no pattern costs more than it is long."""
    if len(pattern) > len(parts):
        return False
    return all(
        want == "*" or fnmatchcase(part, want) for want, part in zip(pattern, parts, strict=False)
    )
