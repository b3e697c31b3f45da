"""Tells of syncs that were refused or failed, from their record: whichever process ran them."""

from collections.abc import Callable, Mapping
from typing import Final

from apps.gitsync.local import FAILED
from apps.gitsync.models import SyncRun
from apps.gitsync.report import REFUSED

SECONDS: Final = 2.0
"""Between two looks at the record; each is one indexed query."""


class RefusedRuns:
    """The record is the truth; what is told is a hint, once for each new reason."""

    def __init__(self, latest: Callable[[], SyncRun | None]) -> None:
        self._latest, self._next = latest, float("-inf")
        self._seen: int | None = None
        self._told = ""

    def news(self, now: float) -> Mapping[str, str] | None:
        """Of the latest run, if it is new, not good, and not as the one told of last; `now` in
        seconds of any clock. Raises django.db.Error."""
        if now < self._next:
            return None
        self._next = now + SECONDS
        run = self._latest()
        if run is None or run.pk == self._seen:
            return None
        self._seen = run.pk
        reason = run.reason if run.state in (REFUSED, FAILED) else ""
        told, self._told = self._told, reason
        return _shown(run) if reason and reason != told else None


def _shown(run: SyncRun) -> Mapping[str, str]:
    problems = run.report.get("problems") or [{}]
    return {
        "state": run.state,
        "code": str(run.report.get("error") or problems[0].get("code") or ""),
        "reason": run.reason,
        "branch": run.branch,
        "commit": run.new,
    }
