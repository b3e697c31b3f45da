"""How the console asks policy, and tells the audit what it did: by the rules of the commit that is
served here.
"""

from time import time

from django.conf import settings
from structlog.contextvars import get_contextvars

from apps.extensions.authorising import COMMAND, person, standing
from apps.policy.audit import ALLOW, DENY, Entry, record
from apps.policy.decisions import Decision
from apps.policy.entities import Principal, Resource

__all__ = ["COMMAND", "decide", "note", "person"]


def decide(principal: Principal, action: str, resource: Resource) -> Decision:
    """Without a record: what a page shows is asked for by the dozen."""
    return standing().rules.decide(principal, action, resource)


def note(
    principal: Principal, action: str, resource: Resource, *, allowed: bool, reason: str
) -> None:
    """Into the audit, in the caller's transaction. Raises django.db.Error."""
    record(
        Entry(
            site=settings.SITE_KEY,
            principal=str(principal),
            action=action,
            resource=str(resource),
            decision=ALLOW if allowed else DENY,
            at=time(),
            reason=reason,
            request_id=str(get_contextvars().get("request_id", "")),
            commit=standing().commit,
        )
    )
