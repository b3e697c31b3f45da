"""The one way into the audit. Text of hostile origin is made plain and cut to its column."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from apps.policy.models import AuditEvent

ALLOW, DENY = "allow", "deny"
REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`at` in seconds since 1970; `reason` for people, without secrets or bodies."""

    site: str
    principal: str
    action: str
    resource: str
    decision: str
    at: float
    reason: str = ""
    request_id: str = ""
    commit: str = ""
    times: int = 1


def record(*entries: Entry) -> None:
    """Takes part in the caller's transaction. Raises django.db.Error."""
    AuditEvent.objects.bulk_create(map(_row, entries))


def _row(entry: Entry) -> AuditEvent:
    texts = ("site", "principal", "action", "resource", "decision", "request_id", "commit")
    return AuditEvent(
        at=datetime.fromtimestamp(entry.at, UTC),
        node=_node(),
        reason=_plain(entry.reason, REASON_CHARACTERS),
        times=entry.times,
        **{name: _plain(getattr(entry, name), _length(name)) for name in texts},
    )


def _plain(text: str, length: int) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:length])[:length]


@cache
def _length(column: str) -> int:
    return int(getattr(AuditEvent._meta.get_field(column), "max_length", 0) or 0)


@cache
def _node() -> str:
    return socket.gethostname()[:200]
