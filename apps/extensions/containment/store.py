"""The shared state of breakers in the default database: every call is one short transaction, and
every transition leaves its audit row in the same one.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from django.db import connections, router, transaction

from apps.extensions.capabilities import find
from apps.extensions.containment.breaker import (
    CLOSED_STATE,
    OPEN,
    QUARANTINED,
    Breaker,
    enabled,
)
from apps.extensions.containment.breakers import Claim
from apps.extensions.containment.changes import Change, replayed
from apps.extensions.containment.denials import MORE, Denial
from apps.extensions.models import ExtensionState
from apps.policy.audit import ALLOW, DENY, Entry, record
from apps.runtime.outbox.keeping import keep_by_default

log = structlog.get_logger("whispercms.extensions")

ACTIONS: Final = {
    CLOSED_STATE: ("closeBreaker", ALLOW),
    OPEN: ("openBreaker", DENY),
    QUARANTINED: ("quarantineExtension", DENY),
}
ENABLE: Final = "enableExtension"
UNTOLD: Final = "dropDenials"
_TOLD_OF_MORE: Final = "more kinds of calls in a minute than are told one by one"


class DatabaseStore:
    """One site's. `commit` names the one that is served, for the audit."""

    def __init__(self, site: str, commit: Callable[[], str] = str) -> None:
        self._site, self._ask_commit = site, commit

    def read(self) -> dict[str, Breaker]:
        return {row.key: _breaker(row) for row in ExtensionState.objects.filter(site=self._site)}

    def carry_out(self, key: str, changes: tuple[Change, ...]) -> Breaker:
        with self._row(key) as row:
            before = _breaker(row)
            after = replayed(before, changes)
            if after != before:
                _fill(row, after)
                row.save()
            if (after.state, after.openings) != (before.state, before.openings):
                if after.state == QUARANTINED:
                    self._keep("extension.quarantined", key, after.reason)
                action, decision = ACTIONS[after.state]
                self._record(key, action, decision, changes[-1].at or time.time(), after.reason)
        return after

    def claim(self, claim: Claim) -> Breaker | None:
        """One statement, so that of all processes only one gets it."""
        rows = ExtensionState.objects.filter(
            site=self._site,
            key=claim.key,
            state=OPEN,
            retry_at=claim.seen.retry_at,
            trial_until=claim.seen.trial_until,
        )
        if not rows.update(trial_until=claim.until):
            return None
        return _breaker(ExtensionState.objects.get(site=self._site, key=claim.key))

    def enable(self, key: str, by: str) -> Breaker:
        """Ends a quarantine or an open breaker; `by` names who. The state before."""
        with self._row(key) as row:
            before = _breaker(row)
            if before.state != CLOSED_STATE:
                _fill(row, enabled(before))
                row.enabled_by = by[:200]
                row.save()
                if before.state == QUARANTINED:
                    self._keep("extension.released", key, f"by {by}")
                reason = f"was {before.state}: {before.reason}"
                self._record(key, ENABLE, ALLOW, time.time(), reason, by=by)
        return before

    def deny(self, denials: list[Denial], dropped: int) -> None:
        commit = self._commit()
        entries = [self._denied(denial, commit) for denial in denials]
        if dropped:
            entries.append(
                Entry(
                    site=self._site,
                    principal="containment",
                    action=UNTOLD,
                    resource="audit",
                    decision=DENY,
                    at=time.time(),
                    reason="more kinds of denied calls at a time than are kept",
                    times=dropped,
                )
            )
        record(*entries)

    def close(self) -> None:
        connections[_database()].close()

    def _keep(self, topic: str, key: str, reason: str) -> None:
        keep_by_default(topic, {"site": self._site, "extension": key, "reason": reason})

    def _commit(self) -> str:
        """A state is kept even where the index cannot be asked."""
        try:
            return self._ask_commit()
        except Exception as error:
            log.warning("commit unknown", reason=str(error))
            return ""

    @contextmanager
    def _row(self, key: str) -> Iterator[ExtensionState]:
        """Locked until the block ends: by SQLite's IMMEDIATE, or by the row elsewhere."""
        with transaction.atomic(using=_database()):
            rows = ExtensionState.objects.select_for_update()
            found = rows.filter(site=self._site, key=key).first()
            yield found or ExtensionState(site=self._site, key=key, state=CLOSED_STATE)

    def _denied(self, denial: Denial, commit: str) -> Entry:
        capability = find(denial.capability)
        return Entry(
            site=self._site,
            principal=denial.key,
            action=capability.action if capability else denial.capability,
            resource=denial.call,
            decision=DENY,
            at=denial.at,
            reason=_TOLD_OF_MORE
            if denial.capability == MORE
            else f"{denial.capability} is not granted",
            request_id=denial.request_id,
            commit=commit,
            times=denial.times,
        )

    def _record(
        self, key: str, action: str, decision: str, at: float, reason: str, *, by: str = ""
    ) -> None:
        record(
            Entry(
                site=self._site,
                principal=by or key,
                action=action,
                resource=key,
                decision=decision,
                at=at,
                reason=reason,
                commit=self._commit(),
            )
        )


def _database() -> str:
    return router.db_for_write(ExtensionState)


def _breaker(row: ExtensionState) -> Breaker:
    """A state that this version does not know is quarantined: it may be a newer one's."""
    states = {CLOSED_STATE: CLOSED_STATE, OPEN: OPEN}
    return Breaker(
        state=states.get(row.state, QUARANTINED),  # type: ignore[arg-type]
        reason=row.reason,
        failures=tuple(map(float, row.failures)),
        openings=row.openings,
        retry_at=row.retry_at,
        trial_until=row.trial_until,
        closed_at=row.closed_at,
    )


def _fill(row: ExtensionState, breaker: Breaker) -> None:
    row.state, row.reason = breaker.state, breaker.reason
    row.failures, row.openings = list(breaker.failures), breaker.openings
    row.retry_at, row.trial_until = breaker.retry_at, breaker.trial_until
    row.closed_at = breaker.closed_at
