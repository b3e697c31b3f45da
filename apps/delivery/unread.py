"""What is answered to an address that cannot name anything, before any theme is asked. Pure."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from apps.delivery import replies
from apps.delivery.http.making import represent
from apps.delivery.http.representation import Representations
from apps.delivery.replies import Reply
from apps.delivery.requests import BadPath, LongPath

UNREADABLE: Final = "This address cannot be read."
PROBLEM: Final = "application/problem+json"


def _problem(status: int) -> Reply:
    values = {"title": HTTPStatus(status).phrase, "detail": UNREADABLE}
    text = json.dumps({"type": "about:blank", "status": status, **values})
    return replies.page(status, f"{text}\n".encode(), PROBLEM)


_STATUSES: Final = (BadPath.status, LongPath.status)
_PLAIN: Final = {each: represent(replies.plain(each, f"{UNREADABLE}\n")) for each in _STATUSES}
_PROBLEMS: Final = {each: represent(_problem(each)) for each in _STATUSES}


def unread(status: int = BadPath.status, *, as_json: bool = False) -> Representations:
    """As JSON below the mount of a theme that has nothing else (RFC 9457)."""
    known: Mapping[int, Representations] = _PROBLEMS if as_json else _PLAIN
    return known.get(status) or known[BadPath.status]
