"""Who may do what: the one place that asks Cedar. Default deny.

Errors in a policy never raise; they are denials.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy

POLICIES = Path(__file__).with_name("policies") / "reading.cedar"
VISIBILITIES = ("draft", "private", "public")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a kind of Cedar's schema and an id."""

    kind: str
    id: str


VISITOR = Principal("Visitor", "anonymous")


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` names the policies that decided, for logs and for people."""

    allowed: bool
    reason: str


def decide(principal: Principal, action: str, resource: dict[str, object]) -> Decision:
    """`resource` is a Cedar entity as JSON: `uid`, `attrs` and `parents`.

    A decision takes some 50 µs; the read half asks once for each kind of document, not per page.
    """
    try:
        request = {
            "principal": {"type": principal.kind, "id": principal.id},
            "action": {"type": "Action", "id": action},
            "resource": resource["uid"],
            "context": {},
        }
        who = {"uid": request["principal"], "attrs": {}, "parents": []}
        result = cedarpy.is_authorized(request, _policies(), [who, resource])
    except (KeyError, TypeError, ValueError, OSError) as error:
        return Decision(False, f"could not be decided: {error}")
    errors = [str(error) for error in result.diagnostics.errors]
    names = sorted(result.diagnostics.id_annotations_by_reason.values())
    reason = "; ".join(errors) or ", ".join(names) or "no policy allows it"
    return Decision(bool(result.allowed) and not errors, reason)


@cache
def readable(principal: Principal) -> tuple[str, ...]:
    """The visibilities of documents that a principal may read, by policy."""
    return tuple(v for v in VISIBILITIES if decide(principal, "read", _document(v)).allowed)


def mistakes(schema: dict[str, Any]) -> tuple[str, ...]:
    """Why the policies do not fit a schema; empty when they do."""
    found = cedarpy.validate_policies(_policies(), schema)
    return tuple(str(error.error) for error in found.errors)


def _document(visibility: str) -> dict[str, object]:
    uid = {"type": "Document", "id": visibility}
    return {"uid": uid, "attrs": {"visibility": visibility}, "parents": []}


@cache
def _policies() -> str:
    return POLICIES.read_text(encoding="utf-8")
