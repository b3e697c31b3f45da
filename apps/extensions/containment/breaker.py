"""When an extension is left out, and when it is tried again: a pure state machine, told in seconds
since 1970.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from apps.extensions import limits

State = Literal["closed", "open", "quarantined"]
CLOSED_STATE: Final = "closed"
OPEN: Final = "open"
QUARANTINED: Final = "quarantined"


class Cause(StrEnum):
    """Why a call failed."""

    BUDGET = "budget"
    """Out of time, over budget or memory, or the worker died."""
    ERROR = "error"
    """The extension's own mistake: a runtime error, a bad result, a denied call."""
    ATTACK = "attack"
    """What only a program that broke out of its sandbox can do."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """One extension's. `credit`: it has succeeded since it was loaded or closed."""

    state: State = CLOSED_STATE
    failures: tuple[float, ...] = ()
    errors: int = 0
    openings: int = 0
    retry_at: float = 0.0
    reason: str = ""
    trial_until: float = 0.0
    closed_at: float = 0.0
    credit: bool = False

    def due(self, now: float) -> bool:
        """Whether a trial may begin."""
        return self.state == OPEN and all(
            _reached(moment, now) for moment in (self.retry_at, self.trial_until)
        )


CLOSED: Final = Breaker()


def failed(breaker: Breaker, cause: Cause, now: float, reason: str) -> Breaker:
    """Of calls that were under way when it opened only an attack counts."""
    if breaker.state == QUARANTINED:
        return breaker
    if cause is Cause.ATTACK:
        return Breaker(state=QUARANTINED, reason=reason)
    if breaker.state == OPEN:
        return opened(breaker, now, reason) if breaker.trial_until else breaker
    if cause is Cause.BUDGET:
        counted = over_budget(breaker, now)
        full = not breaker.credit or len(counted.failures) >= limits.BUDGET_FAILURES
    else:
        counted = replace(breaker, errors=breaker.errors + 1)
        full = counted.errors >= limits.ERRORS_IN_A_ROW
    return opened(counted, now, reason) if full else counted


def succeeded(breaker: Breaker, now: float) -> Breaker:
    """Of an open breaker only its trial counts. The back-off is kept until it was stable."""
    if breaker.state == CLOSED_STATE:
        return replace(breaker, errors=0, credit=True)
    if breaker.state == OPEN and breaker.trial_until > now:
        return Breaker(openings=breaker.openings, closed_at=now)
    return breaker


def tried(breaker: Breaker, now: float) -> Breaker | None:
    """With its one trial begun; None when there may be none now."""
    return replace(breaker, trial_until=now + limits.TRIAL_SECONDS) if breaker.due(now) else None


def enabled(breaker: Breaker) -> Breaker:
    """A person has looked at it: the only way out of quarantine."""
    return CLOSED if breaker.state != CLOSED_STATE else breaker


def over_budget(breaker: Breaker, now: float) -> Breaker:
    """One more failure within the window; opens nothing."""
    recent = [at for at in breaker.failures if abs(now - at) < limits.BUDGET_WINDOW]
    return replace(breaker, failures=(*recent, now)[-limits.BUDGET_FAILURES :])


def opened(breaker: Breaker, now: float, reason: str) -> Breaker:
    stable = breaker.closed_at and now - breaker.closed_at >= limits.STABLE_SECONDS
    openings = 0 if stable else breaker.openings
    return Breaker(
        state=OPEN,
        failures=breaker.failures,
        openings=openings + 1,
        retry_at=now + backoff(openings),
        reason=reason,
    )


def backoff(openings: int) -> float:
    """Seconds until the trial, after so many openings before."""
    doublings = min(openings, 16)
    return float(min(limits.BACKOFF_FIRST * 2**doublings, limits.BACKOFF_LONGEST))


def _reached(moment: float, now: float) -> bool:
    """A moment that lies further ahead than any may was set by a clock that went wrong."""
    return moment <= now or moment - now > limits.BACKOFF_LONGEST
