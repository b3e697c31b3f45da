"""What is started, ended and given up, as a clock goes on and anything may fail."""

from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.runtime.limits import (
    RESTART_ATTEMPTS,
    RESTART_FIRST,
    RESTART_LONGEST,
    RESTART_STABLE,
)
from apps.runtime.supervision import (
    Restarts,
    Standing,
    State,
    ended,
    held,
    may_start,
    settled,
    started,
    stopped,
    to_hold,
)

RULE = Restarts(first=1.0, longest=8.0, stable=20.0, attempts=6)
REQUIRES = {"a": (), "b": ("a",), "c": (), "d": ("b", "c"), "e": ()}


def test_the_first_restart_comes_soon_and_each_next_one_later() -> None:
    delays = [Restarts().delay(failures) for failures in range(1, 10)]
    assert delays == [1, 2, 4, 8, 16, 32, 64, 90, 90]


@given(st.integers(1, 10**9))
def test_a_delay_has_bounds(failures: int) -> None:
    assert RESTART_FIRST <= Restarts().delay(failures) <= RESTART_LONGEST


@pytest.mark.parametrize(
    ("lasted", "failures"), [(RESTART_STABLE, 1), (RESTART_STABLE - 0.1, 5), (0, 5)]
)
def test_only_after_a_stable_run_a_part_is_as_good_as_new(lasted: float, failures: int) -> None:
    running = started(Standing(failures=4), 100.0)
    after = ended(running, 100.0 + lasted, "died", Restarts())
    assert (after.state, after.failures) == (State.RESTARTING, failures)
    assert after.retry_at == 100.0 + lasted + Restarts().delay(failures)
    assert settled(running, 100.0 + lasted, Restarts()).failures == failures - 1


def test_time_that_it_waited_is_no_stable_run() -> None:
    waiting = ended(started(Standing(), 0.0), 1.0, "died", RULE)
    assert ended(waiting, 1000.0, "cannot be started", RULE).failures == 2


def test_it_is_given_up_at_the_bound_and_no_sooner() -> None:
    standing = Standing()
    for attempt in range(1, RESTART_ATTEMPTS):
        standing = ended(started(standing, 0.0), 1.0, "died", Restarts())
        assert (standing.state, standing.failures) == (State.RESTARTING, attempt)
    standing = ended(started(standing, 0.0), 1.0, "died", Restarts())
    assert (standing.state, standing.reason) == (State.FAILED, "died")
    assert not may_start("a", {"a": standing}, {"a": ()}, 1e9)


def test_without_a_bound_it_is_never_given_up() -> None:
    standing, endless = Standing(), Restarts(attempts=0)
    for _ in range(3 * RESTART_ATTEMPTS):
        standing = ended(started(standing, 0.0), 1.0, "died", endless)
    assert (standing.state, standing.failures) == (State.RESTARTING, 3 * RESTART_ATTEMPTS)


def test_what_waits_for_another_has_not_failed_itself() -> None:
    waiting = held(started(Standing(failures=2), 0.0), 5.0, "zygote")
    assert (waiting.state, waiting.failures, waiting.reason) == (
        State.WAITING,
        2,
        "waits for zygote",
    )


def test_those_that_require_what_is_gone_end_last_first() -> None:
    standings = {name: started(Standing(), 0.0) for name in REQUIRES}
    standings["a"] = ended(standings["a"], 1.0, "died", RULE)
    assert list(to_hold(standings, REQUIRES)) == [("d", "b"), ("b", "a")]


class Tending(RuleBasedStateMachine):
    """The runner's round over parts that fail whenever they like. The model counts starts."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.standings = {name: Standing() for name in REQUIRES}
        self.starts: dict[str, list[float]] = {name: [] for name in REQUIRES}

    @initialize()
    def begin(self) -> None:
        self.tend(set())

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 7.9, 8.0, 19.9, 20.0, 1000.0]))
    def time_goes_on(self, seconds: float) -> None:
        self.now += seconds

    @rule(name=st.sampled_from(sorted(REQUIRES)))
    def one_dies(self, name: str) -> None:
        if self.standings[name].state is State.RUNNING:
            self.standings[name] = ended(self.standings[name], self.now, "died", RULE)

    @rule(broken=st.sets(st.sampled_from(sorted(REQUIRES))))
    def tend(self, broken: set[str]) -> None:
        """Those that are broken cannot be started."""
        for name, standing in self.standings.items():
            self.standings[name] = settled(standing, self.now, RULE)
        for name, by in tuple(to_hold(self.standings, REQUIRES)):
            self.standings[name] = held(self.standings[name], self.now, by)
        for name in REQUIRES:
            if may_start(name, self.standings, REQUIRES, self.now):
                before = self.standings[name]
                assert self.now >= before.retry_at
                self.starts[name].append(self.now)
                after = ended(before, self.now, "broken", RULE)
                self.standings[name] = after if name in broken else started(before, self.now)
        self.check_order()

    def check_order(self) -> None:
        for name, needed in REQUIRES.items():
            if self.standings[name].state is State.RUNNING:
                assert all(self.standings[each].state is State.RUNNING for each in needed)

    @precondition(lambda self: all(s.state is not State.FAILED for s in self.standings.values()))
    @rule()
    def all_come_back_when_nothing_fails_any_more(self) -> None:
        self.now += RULE.longest
        self.tend(set())
        assert all(s.state is State.RUNNING for s in self.standings.values())

    @rule(name=st.sampled_from(sorted(REQUIRES)))
    def one_is_stopped_and_started_anew(self, name: str) -> None:
        """A stop never counts as a failure, and what is stopped is not started."""
        at = stopped(self.standings[name], self.now)
        assert at.failures == self.standings[name].failures
        assert not may_start(name, {**self.standings, name: at}, REQUIRES, self.now + 1e9)

    @invariant()
    def a_failure_waits_as_long_as_the_rule_says(self) -> None:
        for standing in self.standings.values():
            if standing.state is State.RESTARTING:
                assert standing.retry_at == standing.since + RULE.delay(standing.failures)
                assert 1 <= standing.failures < RULE.attempts
            if standing.state is State.FAILED:
                assert standing.failures == RULE.attempts

    @invariant()
    def starts_that_follow_each_other_soon_are_fewer_than_the_bound_allows(self) -> None:
        for moments in self.starts.values():
            recent = list(takewhile(lambda at: self.now - at < 1.0, reversed(moments)))
            assert len(recent) <= 1 + len(REQUIRES)


TestTending = Tending.TestCase
TestTending.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
