"""When what has ended is started again, and when no more: a standing, a moment and an outcome make
the next standing. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from apps.runtime.limits import (
    FAULT_CHARACTERS,
    RESTART_ATTEMPTS,
    RESTART_FIRST,
    RESTART_LONGEST,
    RESTART_STABLE,
)

Requires = Mapping[str, Sequence[str]]
"""By name of a part, in the order of starting: the parts that must run while it runs."""


class State(StrEnum):
    """`waiting` is for what it requires, `restarting` until `retry_at`; `failed` is for good."""

    WAITING = "waiting"
    RUNNING = "running"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """Seconds; `attempts` are starts in a row, 0 for no end of them."""

    first: float = RESTART_FIRST
    longest: float = RESTART_LONGEST
    stable: float = RESTART_STABLE
    attempts: int = RESTART_ATTEMPTS

    def delay(self, failures: int) -> float:
        """Doubled with each failure in a row; the first one is number 1. Without chance: what
        is asked of a remote, which other nodes ask too, spreads its own tries."""
        # Beyond that many doublings it is the longest whatever the first is.
        return min(self.first * 2.0 ** min(failures - 1, 64), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one part. `since` and `retry_at` are of the clock that the caller has; `failures` are
    those in a row, without a stable run between."""

    state: State = State.WAITING
    since: float = 0.0
    failures: int = 0
    retry_at: float = 0.0
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"state": str(self.state), "failures": self.failures, "reason": self.reason}


Standings = Mapping[str, Standing]


def started(standing: Standing, now: float) -> Standing:
    return replace(standing, state=State.RUNNING, since=now, retry_at=0.0, reason="")


def settled(standing: Standing, now: float, rule: Restarts) -> Standing:
    """After a stable run it is as good as new."""
    if standing.state is State.RUNNING and standing.failures and _is_stable(standing, now, rule):
        return replace(standing, failures=0)
    return standing


def ended(standing: Standing, now: float, reason: str, rule: Restarts) -> Standing:
    """It ended though nobody asked, or could not be started."""
    failures = 1 + settled(standing, now, rule).failures
    given_up = rule.attempts and failures >= rule.attempts
    return Standing(
        state=State.FAILED if given_up else State.RESTARTING,
        since=now,
        failures=failures,
        retry_at=0.0 if given_up else now + rule.delay(failures),
        reason=reason[:FAULT_CHARACTERS],
    )


def held(standing: Standing, now: float, by: str) -> Standing:
    """Nothing is wrong with it, but it cannot run without `by`."""
    reason = f"waits for {by}"
    return replace(standing, state=State.WAITING, since=now, retry_at=0.0, reason=reason)


def stopped(standing: Standing, now: float) -> Standing:
    return replace(standing, state=State.STOPPED, since=now, retry_at=0.0, reason="")


def to_hold(standings: Standings, requires: Requires) -> Iterator[tuple[str, str]]:
    """Running parts that must not go on, the last first, each with what it waits for."""
    missing: dict[str, str] = {}
    for name, needed in requires.items():
        lacking = [n for n in needed if n in missing or standings[n].state is not State.RUNNING]
        if lacking:
            missing[name] = lacking[0]
    for name in reversed(missing):
        if standings[name].state is State.RUNNING:
            yield name, missing[name]


def may_start(name: str, standings: Standings, requires: Requires, now: float) -> bool:
    standing = standings[name]
    due = standing.state is State.WAITING or (
        standing.state is State.RESTARTING and now >= standing.retry_at
    )
    return due and all(standings[each].state is State.RUNNING for each in requires[name])


def _is_stable(standing: Standing, now: float, rule: Restarts) -> bool:
    return now - standing.since >= rule.stable
