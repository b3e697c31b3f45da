"""Dates of documents: read from front matter, a file name or a URL; kept as UTC text. Pure."""

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache

NONE = ""
IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_](?=.)")
IN_URL = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/")


def read_date(value: object) -> str | None:
    """`2026-03-26T00:00:00Z` for an ISO 8601 date or time, taken as UTC where it names no zone.

    None when the value is not one.
    """
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        return None
    text = value.strip().replace(" UTC", "+00:00").replace(" +", "+")
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def from_timestamp(seconds: int) -> str:
    """Empty for a moment that no calendar has; a commit may claim any. Cheap for the second that
    it is now."""
    try:
        return _utc(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return NONE


def split_name(stem: str) -> tuple[str, str]:
    """`2026-03-26-hello` → (date, `hello`); the date is empty where the name has none."""
    found = IN_NAME.match(stem)
    moment = read_date(found[1]) if found else None
    return (moment, stem[found.end() :]) if found and moment else (NONE, stem)


def in_url(url: str) -> str:
    """The date that a permalink such as `/2026/03/26/hello/` says, or nothing."""
    found = IN_URL.search(url)
    if not found:
        return NONE
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return NONE
    return _utc(datetime.combine(day, time()))


def _utc(moment: datetime) -> str:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
