"""What there is to decide, as a schema in Cedar's JSON form: for authors of policies."""

from collections.abc import Mapping
from typing import Any

_READING: dict[str, Any] = {
    "entityTypes": {
        "Document": {
            "shape": {"type": "Record", "attributes": {"visibility": {"type": "String"}}},
        },
        "Visitor": {},
    },
    "actions": {
        "read": {"appliesTo": {"principalTypes": ["Visitor"], "resourceTypes": ["Document"]}},
    },
}


def complete(more: Mapping[str, Any]) -> dict[str, Any]:
    """What rules.py decides itself, and what others have: a schema of the same form."""
    parts = [more[""], _READING]
    keys = ("entityTypes", "actions")
    return {"": {key: {k: v for part in parts for k, v in part[key].items()} for key in keys}}
