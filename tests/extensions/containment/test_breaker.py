"""The rules of a breaker, one by one, and then all together."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from apps.extensions import limits
from apps.extensions.containment.breaker import (
    CLOSED,
    OPEN,
    QUARANTINED,
    Breaker,
    Cause,
    backoff,
    enabled,
    failed,
    succeeded,
    tried,
)

NOW = 1_000_000.0
TRUSTED = succeeded(CLOSED, NOW)


def after(breaker: Breaker, cause: Cause, *moments: float) -> Breaker:
    for moment in moments:
        breaker = failed(breaker, cause, NOW + moment, "it failed")
    return breaker


def reopened(times: int, now: float = NOW) -> tuple[Breaker, float]:
    breaker = failed(CLOSED, Cause.BUDGET, now, "first")
    for _ in range(times):
        now = breaker.retry_at
        trial = tried(breaker, now)
        assert trial
        breaker = failed(trial, Cause.ERROR, now, "again")
    return breaker, now


def test_the_first_failure_over_budget_opens_while_nothing_has_succeeded_yet() -> None:
    found = after(CLOSED, Cause.BUDGET, 0)
    assert (found.state, found.reason, found.retry_at) == (OPEN, "it failed", NOW + 30)


def test_three_failures_over_budget_within_a_minute_open() -> None:
    assert after(TRUSTED, Cause.BUDGET, 0, 30).state == "closed"
    assert after(TRUSTED, Cause.BUDGET, 0, 30, 59.9).state == OPEN


def test_three_failures_over_budget_in_more_than_a_minute_do_not_open() -> None:
    assert after(TRUSTED, Cause.BUDGET, 0, 30, 60).state == "closed"
    assert after(TRUSTED, Cause.BUDGET, 0, 61, 122, 183).state == "closed"


def test_a_success_between_does_not_pay_for_failures_over_budget() -> None:
    breaker = succeeded(after(TRUSTED, Cause.BUDGET, 0, 1), NOW + 2)
    assert after(breaker, Cause.BUDGET, 3).state == OPEN


def test_ten_errors_in_a_row_open_and_nine_do_not() -> None:
    nine = after(CLOSED, Cause.ERROR, *range(9))
    assert nine.state == "closed"
    assert after(nine, Cause.ERROR, 9).state == OPEN
    assert after(succeeded(nine, NOW), Cause.ERROR, 9).state == "closed"


@pytest.mark.parametrize("breaker", [CLOSED, TRUSTED, reopened(0)[0], reopened(2)[0]])
def test_an_attack_quarantines_whatever_was_before(breaker: Breaker) -> None:
    found = failed(breaker, Cause.ATTACK, NOW, "killed by SIGSYS")
    assert (found.state, found.reason) == (QUARANTINED, "killed by SIGSYS")


def test_the_backoff_doubles_up_to_ten_minutes() -> None:
    told = [backoff(openings) for openings in range(7)]
    assert told == [30, 60, 120, 240, 480, 600, 600]
    assert backoff(10**9) == limits.BACKOFF_LONGEST


def test_there_is_one_trial_when_the_backoff_is_over() -> None:
    breaker = after(CLOSED, Cause.BUDGET, 0)
    assert tried(breaker, breaker.retry_at - 0.1) is None
    trial = tried(breaker, breaker.retry_at)
    assert trial and tried(trial, breaker.retry_at) is None


def test_a_trial_that_nobody_ends_can_be_made_again_after_a_while() -> None:
    breaker = after(CLOSED, Cause.BUDGET, 0)
    trial = tried(breaker, breaker.retry_at)
    assert trial and tried(trial, trial.trial_until - 0.1) is None
    assert tried(trial, trial.trial_until)


def test_a_trial_that_succeeds_closes_and_one_that_fails_opens_for_longer() -> None:
    breaker = after(CLOSED, Cause.BUDGET, 0)
    trial = tried(breaker, breaker.retry_at)
    assert trial
    assert succeeded(trial, breaker.retry_at).state == "closed"
    again = failed(trial, Cause.ERROR, breaker.retry_at, "still")
    assert again.state == OPEN and again.retry_at == breaker.retry_at + 60


def test_a_success_that_was_under_way_when_it_opened_does_not_close_it() -> None:
    breaker = after(CLOSED, Cause.BUDGET, 0)
    assert succeeded(breaker, NOW + 1) == breaker


def test_the_backoff_begins_anew_only_after_ten_stable_minutes() -> None:
    breaker, now = reopened(2)
    trial = tried(breaker, breaker.retry_at)
    assert trial
    closed = succeeded(trial, now := breaker.retry_at)
    soon = failed(closed, Cause.BUDGET, now + 599, "x")
    late = failed(closed, Cause.BUDGET, now + 600, "x")
    assert (soon.retry_at - now - 599, late.retry_at - now - 600) == (240, 30)


def test_after_closing_credit_has_to_be_earned_anew() -> None:
    breaker = after(TRUSTED, Cause.BUDGET, 0, 1, 2)
    trial = tried(breaker, breaker.retry_at)
    assert trial
    closed = succeeded(trial, breaker.retry_at)
    assert failed(closed, Cause.BUDGET, NOW + 99, "x").state == OPEN
    assert failed(succeeded(closed, NOW), Cause.BUDGET, NOW + 99, "x").state == "closed"


def test_a_clock_that_was_set_back_does_not_keep_it_open_for_ever() -> None:
    breaker = after(CLOSED, Cause.BUDGET, 86_400)
    assert tried(breaker, NOW)


CAUSES = st.sampled_from(Cause)
WHENS = st.floats(0, 2_000_000)
BREAKERS = st.builds(
    Breaker,
    state=st.sampled_from(["closed", OPEN, QUARANTINED]),
    failures=st.lists(WHENS, max_size=3).map(tuple),
    errors=st.integers(0, 12),
    openings=st.integers(0, 10**6),
    retry_at=WHENS,
    trial_until=WHENS,
    closed_at=WHENS,
    credit=st.booleans(),
)


@given(BREAKERS, CAUSES, WHENS)
@settings(max_examples=150, deadline=None)
def test_from_any_state_a_failure_never_closes_and_a_success_never_opens(
    breaker: Breaker, cause: Cause, now: float
) -> None:
    worse = failed(breaker, cause, now, "x")
    assert worse.state != "closed" or breaker.state == "closed"
    better = succeeded(breaker, now)
    assert better.state == "closed" or better == breaker
    if breaker.state == QUARANTINED:
        assert worse == better == breaker and tried(breaker, now) is None
        assert enabled(breaker) == CLOSED
    assert worse.retry_at <= max(breaker.retry_at, now + limits.BACKOFF_LONGEST)
    assert len(worse.failures) <= limits.BUDGET_FAILURES


class Life(RuleBasedStateMachine):
    """Anything may happen in any order, as long as time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker, self.now, self.last_retry = CLOSED, NOW, 0.0
        self.trials: list[float] = []

    @rule(seconds=st.sampled_from([0.0, 1.0, 31.0, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(cause=st.sampled_from([Cause.BUDGET, Cause.ERROR]), attacks=st.integers(0, 19))
    def fails(self, cause: Cause, attacks: int) -> None:
        before, cause = self.breaker, cause if attacks else Cause.ATTACK
        self.breaker = failed(before, cause, self.now, "x")
        if self.breaker.openings > before.openings > 0 and before.state == OPEN:
            assert self.breaker.retry_at > before.retry_at
        if self.breaker != before:
            self.trials.clear()

    @rule()
    def succeeds(self) -> None:
        before = self.breaker
        self.breaker = succeeded(before, self.now)
        if self.breaker.state != before.state:
            assert before.trial_until > self.now
            self.trials.clear()

    @rule()
    def is_asked_for_a_trial(self) -> None:
        if trial := tried(self.breaker, self.now):
            self.trials = [until for until in self.trials if until > self.now]
            self.trials.append(trial.trial_until)
            self.breaker = trial

    @precondition(lambda self: self.breaker.state == QUARANTINED)
    @rule()
    def a_person_enables_it(self) -> None:
        self.breaker = enabled(self.breaker)

    @invariant()
    def there_is_never_more_than_one_trial(self) -> None:
        assert sum(until > self.now for until in self.trials) <= 1

    @invariant()
    def the_trial_comes_within_the_longest_backoff(self) -> None:
        assert self.breaker.retry_at <= self.now + limits.BACKOFF_LONGEST


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_an_enabled_one_that_was_closed_keeps_its_credit() -> None:
    assert enabled(TRUSTED) == TRUSTED
    assert enabled(replace(TRUSTED, state=OPEN)) == CLOSED
