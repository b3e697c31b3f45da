"""What one process has seen of an extension, as it is carried out on what all share. Pure.

A process counts errors and successes alone; failures over budget, openings and trials are shared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from apps.extensions import limits
from apps.extensions.containment.breaker import (
    CLOSED_STATE,
    OPEN,
    Breaker,
    Cause,
    failed,
    opened,
    over_budget,
    succeeded,
)

KEPT = 8
"""Changes of one key that wait at a time; failures over budget beyond that say nothing new."""


@dataclass(frozen=True, slots=True)
class Change:
    """Without a cause: the trial succeeded. `opens`: the process's own count was full."""

    at: float
    cause: Cause | None = None
    reason: str = ""
    opens: bool = False
    trial: bool = False


def change_of(before: Breaker, after: Breaker, change: Change) -> Change | None:
    """The change as others have to know it; None for what concerns this process alone."""
    shared = replace(before, errors=after.errors, credit=after.credit) != after
    opens = before.state != OPEN and after.state == OPEN
    return replace(change, opens=opens, trial=bool(before.trial_until)) if shared else None


def replayed(breaker: Breaker, changes: Iterable[Change]) -> Breaker:
    return reduce(_carried_out, changes, breaker)


def merged(mine: Breaker, shared: Breaker) -> Breaker:
    """The shared state, with what this process alone knows as long as both are closed."""
    if mine.state == shared.state == CLOSED_STATE:
        return replace(shared, errors=mine.errors, credit=mine.credit)
    return shared


def kept(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Bounded, without losing a transition: plain failures go first, the oldest of them."""
    plain = [c for c in changes if c.cause is Cause.BUDGET and not (c.opens or c.trial)]
    surplus = plain[: -limits.BUDGET_FAILURES]
    fewer = tuple(c for c in changes if c not in surplus)
    if len(fewer) <= KEPT:
        return fewer
    attacks = tuple(c for c in fewer[:-KEPT] if c.cause is Cause.ATTACK)
    return (*attacks[-1:], *fewer[-KEPT:])


def _carried_out(breaker: Breaker, change: Change) -> Breaker:
    if change.cause is None:
        return succeeded(breaker, change.at)
    if change.cause is Cause.ATTACK or (breaker.state == OPEN and change.trial):
        return failed(breaker, change.cause, change.at, change.reason)
    if breaker.state != CLOSED_STATE:
        return breaker
    counted = over_budget(breaker, change.at) if change.cause is Cause.BUDGET else breaker
    full = change.opens or len(counted.failures) >= limits.BUDGET_FAILURES
    return opened(counted, change.at, change.reason) if full else counted
