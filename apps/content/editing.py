"""Changes fields of a document's header, and its body, and leaves every other byte as it was.

Called with a whole file before a commit is made of the answer. What is read back from the answer
is compared with what was asked for; an edit that would do anything else is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from apps.content.bounds import MAX_EDIT_STEPS, MAX_EDITED_FIELDS, MAX_HEADER_DEPTH
from apps.content.edits.document import EditedDocument, read_edited, with_header
from apps.content.edits.field_edits import Way, edit_field, lost_comments
from apps.content.edits.fields import ABSENT, Absent, EditError, Path, Value, checked, refused
from apps.content.frontmatter import BODY_KEYS, normal

__all__ = ["ABSENT", "Absent", "EditError", "Edited", "Format", "Value", "Way", "edit", "edited"]

Format = Literal["yaml", "toml", "json"]
Changes = Mapping[str | Path, Value | Absent]


@dataclass(frozen=True, slots=True)
class Edited:
    """`ways` says of every change how much of the header it had to touch; `lost` are the
    comments that stood within values which are gone."""

    content: bytes
    ways: Mapping[str | Path, Way]
    lost: tuple[str, ...] = ()


def edit(
    text: str | bytes,
    changes: Changes,
    body: str | None = None,
    *,
    format: Format = "yaml",
    alone: Format | None = None,
) -> bytes:
    """The file with its fields set, or removed where they are ABSENT.

    A field in a table is named `extra.team`, or by the tuple of its names where one has a dot.
    A `str` that is a date is written without quotes where a date stood so. `body` has any line
    ends; those of the file are kept. `format` is that of the header made where there is none,
    `alone` that of a file which is all header; the body of a JSON document is a field of it.

    Raises EditError; then nothing of the edit holds.
    """
    return edited(text, changes, body, format=format, alone=alone).content


def edited(
    text: str | bytes,
    changes: Changes,
    body: str | None = None,
    *,
    format: Format = "yaml",
    alone: Format | None = None,
) -> Edited:
    """As `edit`, and how it was done."""
    if len(changes) > MAX_EDITED_FIELDS:
        raise refused(f"{len(changes)} fields at once; {MAX_EDITED_FIELDS} is the most")
    before = document = read_edited(text, alone)
    fields, body = _with_body(document, changes, body)
    wanted = document.text[document.body :] if body is None else normal(body)
    ways: dict[str | Path, Way] = {}
    for name, value in fields.items():
        path, most = _path(document.front, name), MAX_EDIT_STEPS // len(fields)
        plain = value if value is ABSENT else checked(value)
        document = document if value is ABSENT else with_header(document, format)
        document, ways[name] = edit_field(document, path, plain, most)
    if document.text[document.body :] != wanted:
        document = document.with_body(wanted)
    document.confirm(wanted)
    told = {name: ways[name] for name in changes}
    return Edited(document.written.encode(), told, lost_comments(before, document))


def _with_body(
    document: EditedDocument, changes: Changes, body: str | None
) -> tuple[Changes, str | None]:
    """What there is to change in the header, and below it. Raises EditError."""
    if body is None or not document.alone:
        return changes, body
    if document.format != "json":
        raise EditError("edit.body", 0, "this file is all header and has no body")
    found = (key for key in BODY_KEYS if isinstance(document.front.get(key), str))
    return {**changes, (next(found, BODY_KEYS[0]),): normal(body)}, None


def _path(front: Mapping[str, Any], name: str | Path) -> Path:
    """A field whose own name has a dot is meant before one in a table."""
    path = name if isinstance(name, tuple) else (name,)
    checked(dict.fromkeys(path))
    if isinstance(name, str) and name not in front:
        path = tuple(name.split("."))
    if not 0 < len(path) <= MAX_HEADER_DEPTH or not all(path):
        raise refused(f"{str(name)[:80]!r} is not the name of a field")
    return path
