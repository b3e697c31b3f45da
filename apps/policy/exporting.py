"""The audit as it leaves the node: rows as plain values, in the order in which they were made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from apps.policy.models import AuditEvent

AT_A_TIME: Final = 1_000
FIELDS: Final = (
    *("id", "at", "node", "site", "principal", "action", "resource"),
    *("decision", "reason", "request_id", "commit", "times"),
)


def rows(
    site: str, *, since: datetime | None = None, after: int = 0, latest: int | None = None
) -> Iterator[dict[str, Any]]:
    """Of one site, the oldest first. `after` is the id of the last row that is known already;
    `latest` leaves all but so many out. In memory are AT_A_TIME."""
    found = AuditEvent.objects.filter(site=site, id__gt=after)
    if since is not None:
        found = found.filter(at__gte=since)
    if latest is not None:
        yield from map(_plain, reversed(found.order_by("-id").values(*FIELDS)[:latest]))
        return
    yield from map(_plain, found.order_by("id").values(*FIELDS).iterator(AT_A_TIME))


def moment(text: str) -> datetime:
    """Of ISO 8601, in UTC where it names no zone. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="seconds")}
