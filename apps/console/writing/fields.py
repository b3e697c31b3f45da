"""A document's header as fields of a form: those it has, and those of its type. Pure."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from apps.console.writing.bounds import FIELD_DEPTH, FIELDS
from apps.console.writing.values import (
    SEPARATOR,
    Control,
    Unread,
    control_of,
    text_of,
    value_of,
    zone_of,
)
from apps.content.edits.fields import ABSENT, Absent, Path, Value
from apps.content.images.naming import MAIN
from apps.content.types import FormField

PREFIX, SHOWN, NEW = "field:", "shown:", "new:"
"""Of names in what a form sends: a field, the note that a switch was shown, a field to be added."""
PICTURES: Final = frozenset(MAIN)
Changes = dict[str | Path, Value | Absent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the header. `text` is what its control holds, `on` what a switch says."""

    path: Path
    label: str
    control: Control
    value: Any = None
    is_there: bool = False
    text: str = ""
    on: bool = False
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    zone: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return PREFIX + _sendable(self.path)

    @property
    def shown_name(self) -> str:
        return SHOWN + _sendable(self.path)

    @property
    def told(self) -> str:
        """A value that has no control."""
        return json.dumps(self.value, ensure_ascii=False, indent=1, default=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a form is made from: `typed` are the fields of the document's type, `terms` by taxonomy
    what other documents use, `hidden` the keys that have controls elsewhere."""

    typed: tuple[FormField, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: Collection[str] = ()


def fields_of(front: Mapping[str, Any], sheet: Sheet) -> tuple[Field, ...]:
    """Those of the type first, then those that the document has, then taxonomies without terms."""
    typed = [_typed(each, front.get(each.name), each.name in front) for each in sheet.typed]
    known = {each.name for each in sheet.typed} | set(sheet.hidden)
    own = [each for each in _own((), front, known)]
    names = {each.path[0] for each in (*typed, *own)}
    nested = {each.path[-1] for each in own if len(each.path) > 1}
    more = [
        Field(path=(each,), label=_label(each), control="several")
        for each in sheet.terms
        if each not in names | nested | set(sheet.hidden)
    ]
    found = [each for each in (*typed, *own, *more) if each.path[0] not in sheet.hidden]
    return tuple(_suggested(each, sheet.terms) for each in found[:FIELDS])


def _typed(rule: FormField, value: Any, is_there: bool) -> Field:
    control: Control = rule.control
    if control == "day" and isinstance(value, str) and control_of(value) == "moment":
        control = "moment"
    fits = value is None or control_of(value) in _TAKEN[control]
    made = Field(
        path=(rule.name,),
        label=rule.label,
        control=control if fits else "fixed",
        value=value,
        is_there=is_there,
        help=rule.help,
        required=rule.required and rule.default is None,
        choices=tuple(map(str, rule.choices)),
    )
    return _filled(made)


_TAKEN: Final[Mapping[Control, tuple[Control, ...]]] = {
    "line": ("line", "day", "moment"),
    "lines": ("line", "lines", "day", "moment"),
    "number": ("number",),
    "switch": ("switch",),
    "day": ("day",),
    "moment": ("moment",),
    "several": ("several",),
    "choice": ("line", "number", "day"),
    "file": ("line",),
    "fixed": (),
}
"""What a control can hold, by the control that the value alone would have."""


def _own(above: Path, front: Mapping[str, Any], known: Collection[str]) -> Iterator[Field]:
    for key, value in front.items():
        path = (*above, key)
        if not above and key in known:
            continue
        if isinstance(value, Mapping) and value and len(path) < FIELD_DEPTH:
            yield from _own(path, value, ())
            continue
        control = control_of(value)
        if control == "line" and key in PICTURES:
            control = "file"
        label = " › ".join(map(_label, path))
        yield _filled(Field(path=path, label=label, control=control, value=value, is_there=True))


def _filled(made: Field) -> Field:
    zone = zone_of(made.value) if made.control == "moment" else ""
    text = text_of(made.value, made.control)
    return replace(made, text=text, on=made.value is True, zone=zone)


def _suggested(made: Field, terms: Mapping[str, tuple[str, ...]]) -> Field:
    return replace(made, suggestions=terms.get(made.path[-1], ()))


def _label(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").strip().capitalize() or key


def _sendable(path: Path) -> str:
    """Browsers rewrite quotes and line breaks in the names of what they send as multipart."""
    return "/".join(quote(each, safe="", errors="surrogatepass") for each in path)


def read_fields(
    fields: tuple[Field, ...], sent: Mapping[str, Any]
) -> tuple[tuple[Field, ...], Changes]:
    """The fields as they were sent, with what is wrong, and what is to change. What a form did not
    show stays."""
    changes: Changes = {}
    shown = []
    for each in fields:
        now = _read(each, sent, changes)
        shown.append(now)
    return tuple(shown), changes


def _read(each: Field, sent: Mapping[str, Any], changes: Changes) -> Field:
    if each.control == "fixed":
        return each
    if each.control == "switch":
        if each.shown_name not in sent:
            return each
        on = each.name in sent
        if on != each.on:
            changes[each.path] = on
        return replace(each, on=on)
    if each.name not in sent:
        return each
    text = sent[each.name].replace("\r\n", "\n").replace("\r", "\n")
    if text == each.text:
        return each
    try:
        changes.update(_changed(each, text))
    except Unread as error:
        return replace(each, text=text, error=str(error))
    return replace(each, text=text)


def _changed(each: Field, text: str) -> Changes:
    """Raises Unread."""
    if not text.strip():
        if each.required:
            raise Unread("this is required")
        return {each.path: ABSENT} if each.is_there else {}
    if each.control == "choice":
        return {each.path: _chosen(each, text)}
    return {each.path: value_of(text, each.control, each.value)}


def _chosen(each: Field, text: str) -> Any:
    if text not in each.choices and text != str(each.value):
        raise Unread("choose one of these")
    return int(text) if text.lstrip("-").isdigit() and type(each.value) is int else text


def words(text: str) -> list[str]:
    """As a field of several has them."""
    return [each.strip() for each in text.split(SEPARATOR) if each.strip()]
