"""What is told to other processes, and what they make of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions import limits
from apps.extensions.containment.breaker import (
    CLOSED,
    OPEN,
    QUARANTINED,
    Breaker,
    Cause,
    failed,
    succeeded,
)
from apps.extensions.containment.changes import KEPT, Change, change_of, kept, merged, replayed

NOW = 1_000_000.0
CHANGES = st.lists(
    st.builds(
        Change,
        at=st.floats(NOW, NOW + 1000),
        cause=st.sampled_from([None, *Cause]),
        opens=st.booleans(),
        trial=st.booleans(),
    ),
    max_size=30,
).map(tuple)


def told(before: Breaker, cause: Cause) -> Change | None:
    change = Change(NOW, cause, "x")
    return change_of(before, failed(before, cause, NOW, "x"), change)


def test_errors_and_credit_are_each_processs_own() -> None:
    assert told(CLOSED, Cause.ERROR) is None
    assert change_of(CLOSED, succeeded(CLOSED, NOW), Change(NOW)) is None


def test_a_failure_over_budget_is_told_and_says_whether_it_opened() -> None:
    trusted = succeeded(CLOSED, NOW)
    counted, opening = told(trusted, Cause.BUDGET), told(CLOSED, Cause.BUDGET)
    assert counted and opening and (counted.opens, opening.opens) == (False, True)


def test_ten_errors_in_one_process_open_for_all() -> None:
    nine = Breaker(errors=limits.ERRORS_IN_A_ROW - 1)
    change = told(nine, Cause.ERROR)
    assert change and replayed(CLOSED, [change]).state == OPEN


def test_the_end_of_a_trial_closes_for_all() -> None:
    trial = Breaker(state=OPEN, trial_until=NOW + 30, openings=1)
    change = change_of(trial, succeeded(trial, NOW), Change(NOW))
    assert change and replayed(trial, [change]).state == "closed"


def test_what_a_process_knows_alone_survives_a_merge_of_closed_ones_only() -> None:
    mine = Breaker(errors=4, credit=True)
    assert merged(mine, CLOSED) == mine
    shut = Breaker(state=OPEN, retry_at=NOW)
    assert merged(mine, shut) == shut and merged(shut, CLOSED) == CLOSED


@given(CHANGES)
@settings(max_examples=150, deadline=None)
def test_what_waits_is_bounded_and_never_loses_a_quarantine(changes: tuple[Change, ...]) -> None:
    waiting: tuple[Change, ...] = ()
    for change in changes:
        waiting = kept((*waiting, change))
        assert len(waiting) <= KEPT + 1
    attacked = any(change.cause is Cause.ATTACK for change in changes)
    assert (replayed(CLOSED, waiting).state == QUARANTINED) == attacked
    assert (replayed(CLOSED, changes).state == QUARANTINED) == attacked
