"""What goes to a confined worker that edits a document, and what comes back. Pure.

An answer is hostile until it is decoded here.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from apps.content.carrying import as_bytes, as_content, as_text
from apps.content.editing import ABSENT, Changes, Edited, EditError, Format, Way, edited
from apps.content.edits.fields import checked

FORMATS: Mapping[str, Format] = {"yaml": "yaml", "toml": "toml", "json": "json"}
HALVES = "surrogatepass"
"""A body with half of a character is refused by who edits, not by who carries it there."""


class DocumentEdits(Protocol):
    """As `edited`, wherever that is done."""

    def edited(
        self,
        content: bytes,
        changes: Changes,
        body: str | None = None,
        *,
        format: Format = "yaml",
        alone: Format | None = None,
    ) -> Edited: ...


def edit_request(
    content: bytes, changes: Changes, body: str | None, format: Format, alone: Format | None
) -> dict[str, Any]:
    """Raises EditError for values that no document can hold."""
    return {
        "content": as_text(content),
        "changes": [_change_told(*change) for change in changes.items()],
        "body": as_text(None if body is None else body.encode(errors=HALVES)),
        "format": format,
        "alone": alone,
    }


def answer_edit(request: Any) -> dict[str, Any]:
    """In the worker. Raises ValueError or KeyError for what is no request."""
    changes = dict(_change(each) for each in request["changes"])
    body, format = as_bytes(request["body"]), FORMATS[request["format"]]
    text = None if body is None else body.decode(errors=HALVES)
    alone = None if request["alone"] is None else FORMATS[request["alone"]]
    try:
        made = edited(as_content(request["content"]), changes, text, format=format, alone=alone)
    except EditError as error:
        return {"refused": {"code": error.code, "line": error.line, "reason": error.reason}}
    return {
        "content": as_text(made.content),
        "ways": [made.ways[name] for name in changes],
        "lost": list(made.lost),
    }


def edited_of(answered: Any, changes: Changes) -> Edited:
    """Raises EditError for a refusal; ValueError, KeyError or TypeError for what is no answer."""
    if refused := answered.get("refused"):
        raise EditError(str(refused["code"]), int(refused["line"]), str(refused["reason"]))
    ways = zip(changes, map(Way, answered["ways"]), strict=True)
    return Edited(as_content(answered["content"]), dict(ways), tuple(map(str, answered["lost"])))


def _change_told(name: Any, value: Any) -> dict[str, Any]:
    told = {"name": checked(name)}
    return told if value is ABSENT else {**told, "value": _value_told(checked(value))}


def _change(told: Any) -> tuple[Any, Any]:
    name = told["name"]
    value = _value(told["value"]) if "value" in told else ABSENT
    return (tuple(name) if isinstance(name, list) else name), value


def _value_told(value: Any) -> Any:
    """JSON knows no dates, so each map is within another that says what it stands for."""
    if isinstance(value, dict):
        return {"map": {key: _value_told(item) for key, item in value.items()}}
    if isinstance(value, list):
        return [_value_told(item) for item in value]
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(told: Any) -> Any:
    if isinstance(told, list):
        return [_value(item) for item in told]
    if not isinstance(told, dict):
        return told
    if "map" in told:
        return {key: _value(item) for key, item in told["map"].items()}
    if "moment" in told:
        return datetime.fromisoformat(told["moment"])
    return date.fromisoformat(told["day"])
