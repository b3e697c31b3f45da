"""One field of one document set, changed or removed, by the first way that is proved right."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, Final

from apps.content.edits.bracket_spans import toml_comments
from apps.content.edits.document import EditedDocument
from apps.content.edits.fields import (
    ABSENT,
    Absent,
    Declined,
    EditError,
    Path,
    as_read,
    canonical,
    read_moment,
)
from apps.content.edits.json_notation import Json
from apps.content.edits.notation import Notation
from apps.content.edits.roundtrip import by_ruamel, by_tomlkit
from apps.content.edits.splicing import Splicing
from apps.content.edits.steps import Insert, Place, Remove, Set, Step, steps
from apps.content.edits.toml_notation import Toml
from apps.content.edits.yaml_notation import Yaml
from apps.content.edits.yaml_spans import yaml_comments

NOTATIONS: Final[Mapping[str, Notation]] = {"yaml": Yaml(), "toml": Toml(), "json": Json()}
LIBRARIES: Final = {"yaml": by_ruamel, "toml": by_tomlkit}
COMMENTS: Final = {"yaml": yaml_comments, "toml": toml_comments}
TOLD: Final = ("edit.value", "front-matter.too-large", "front-matter.too-deep")
"""Codes of refusals that say more than that one way did not work."""


class Way(StrEnum):
    """How a field was changed; the further down, the more of its lines may differ."""

    KEPT = "it had the value already"
    SPLICED = "only what differs was written, in the style that stood there"
    REWRITTEN = "the value was written anew in the safest style"
    REDUMPED = "a library wrote the field anew"


Attempt = Callable[[EditedDocument], EditedDocument]


def edit_field(
    document: EditedDocument, path: Path, value: Any | Absent, most: int
) -> tuple[EditedDocument, Way]:
    """`value` is checked; `most` bounds the steps, each of which reads the header.

    Raises EditError.
    """
    path, value = _from_what_is_there(document, path, value)
    old = _at(document.front, path)
    value = _like_the_old(document, path, old, value)
    if canonical(_known(old)) == canonical(_known(value)):
        return document, Way.KEPT
    front = _changed(document.front, path, value)
    refusals: list[Declined | EditError] = []
    for way, attempt in _attempts(path, old, value, most):
        try:
            return attempt(document).reading(front), way
        except (Declined, EditError) as error:
            refusals.append(error)
    raise _refusal(document, path, refusals)


def lost_comments(before: EditedDocument, after: EditedDocument) -> tuple[str, ...]:
    if before.format not in COMMENTS or before.header == after.header:
        return ()
    comments = COMMENTS[before.format]
    return tuple((Counter(comments(before.header)) - Counter(comments(after.header))).elements())


def _attempts(path: Path, old: Any, value: Any, most: int) -> Iterator[tuple[Way, Attempt]]:
    fine, whole = _steps(path, old, value, most)
    yield Way.SPLICED, partial(_spliced, fine, safest=False)
    yield Way.REWRITTEN, partial(_spliced, whole, safest=True)
    yield Way.REDUMPED, partial(_redumped, path, value)


def _steps(path: Path, old: Any, value: Any, most: int) -> tuple[list[Step], list[Step]]:
    if value is ABSENT:
        return [Remove(path)], [Remove(path)]
    if old is ABSENT:
        return [Insert(path, value)], [Insert(path, value)]
    return steps(path, old, value, most), [Set(path, value)]


def _spliced(todo: list[Step], document: EditedDocument, *, safest: bool) -> EditedDocument:
    for step in todo:
        document = document.spliced(_splicing(document, safest=safest).splices(step))
    return document


def _splicing(document: EditedDocument, *, safest: bool = False) -> Splicing:
    """Raises Declined where a step before has left what cannot be followed."""
    try:
        return Splicing(document.header, NOTATIONS[document.format], safest=safest)
    except ValueError as error:
        raise Declined(str(error)) from error


def _redumped(path: Path, value: Any, document: EditedDocument) -> EditedDocument:
    if document.format not in LIBRARIES:
        raise Declined("the field cannot be written so that it is read back as it was asked for")
    return document.spliced(LIBRARIES[document.format](document.header, path, value))


def _from_what_is_there(
    document: EditedDocument, path: Path, value: Any | Absent
) -> tuple[Path, Any | Absent]:
    """A field in a table that is not there becomes that table with the field."""
    here: Any = document.front
    for depth, name in enumerate(path[:-1]):
        here = here.get(name)
        if here is None:
            for missing in reversed(path[depth + 1 :]):
                value = value if value is ABSENT else {missing: value}
            return (path if value is ABSENT else path[: depth + 1]), value
        if not isinstance(here, dict):
            reason = f"{'.'.join(path[: depth + 1])} holds no fields, so none can be set in it"
            raise EditError("edit.place", _line(document, path), reason)
    return path, value


def _like_the_old(document: EditedDocument, path: Path, old: Any, value: Any) -> Any:
    """A text that is a date stays a date without quotes where one stood."""
    moment = read_moment(value) if isinstance(value, str) else None
    if moment is None or not isinstance(old, str) or not NOTATIONS[document.format].moments:
        return value
    try:
        splicing = _splicing(document)
        node = splicing.node(path)
    except Declined:
        return value
    stood = not node.style and read_moment(splicing.written(node)[:10])
    return moment if stood else value


def _at(front: Any, path: Path) -> Any | Absent:
    for name in path:
        if not isinstance(front, dict) or name not in front:
            return ABSENT
        front = front[name]
    return front


def _known(value: Any | Absent) -> Any:
    """For a comparison in which what is absent differs from what is there."""
    return [] if value is ABSENT else [value]


def _changed(front: dict[str, Any], path: Path, value: Any | Absent) -> dict[str, Any]:
    name, *rest = path
    changed = dict(front)
    if rest:
        changed[name] = _changed(front[name], tuple(rest), value)
    elif value is ABSENT:
        del changed[name]
    else:
        changed[name] = as_read(value)
    return changed


def _refusal(
    document: EditedDocument, path: Path, refusals: list[Declined | EditError]
) -> EditError:
    errors = [error for error in refusals if isinstance(error, EditError)]
    told = next((error for error in errors if error.code in TOLD), None)
    name = ".".join(path)[:80]
    reason = told.reason if told else "this cannot be changed without damage; edit it by hand"
    code = told.code if told else "edit.unsure"
    return EditError(code, _line(document, path), f"{name}: {reason}")


def _line(document: EditedDocument, path: Place) -> int:
    """Of the field, or of the nearest that holds it."""
    for length in range(len(path), 0, -1):
        try:
            return document.line(max(_splicing(document).part(path[:length]).start, 0))
        except Declined:
            continue
    return 1
