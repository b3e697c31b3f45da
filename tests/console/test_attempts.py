"""So many attempts and not one more, by account and by address, whatever is restarted meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from apps.console.attempts import Attempts
from apps.console.bounds import ACCOUNT_ATTEMPTS, ADDRESS_ATTEMPTS, ATTEMPT_SECONDS
from apps.console.models import Attempt
from tests.extensions.shared_states import Clock

HERE = "127.0.0.1"


@pytest.fixture
def clock() -> Clock:
    Attempt.objects.all().delete()
    return Clock(1_000_000.0)


def test_an_account_can_be_tried_so_often_and_not_once_more(clock: Clock) -> None:
    attempts = Attempts(clock)
    said = [attempts.begin("ada", f"203.0.113.{at}") for at in range(ACCOUNT_ATTEMPTS + 1)]
    assert said == [None] * ACCOUNT_ATTEMPTS + [clock.now + ATTEMPT_SECONDS]


def test_an_address_can_try_so_many_accounts_and_not_one_more(clock: Clock) -> None:
    attempts = Attempts(clock)
    said = [attempts.begin(f"name-{at}", HERE) for at in range(ADDRESS_ATTEMPTS + 1)]
    assert said == [None] * ADDRESS_ATTEMPTS + [clock.now + ATTEMPT_SECONDS]


def test_others_are_let_try_meanwhile(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(ACCOUNT_ATTEMPTS + 1):
        attempts.begin("ada", HERE)
    assert attempts.begin("bob", HERE) is None


def test_the_next_attempt_is_let_in_when_the_first_is_too_long_ago(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(ACCOUNT_ATTEMPTS):
        attempts.begin("ada", HERE)
        clock.now += 1
    until = attempts.begin("ada", HERE)
    assert until == 1_000_000.0 + ATTEMPT_SECONDS
    clock.now = until - 0.001
    assert attempts.begin("ada", HERE) is not None
    clock.now = until
    assert attempts.begin("ada", HERE) is None
    assert attempts.begin("ada", HERE) is not None


def test_a_restart_forgets_nothing(clock: Clock) -> None:
    for _ in range(ACCOUNT_ATTEMPTS):
        Attempts(clock).begin("ada", HERE)
    assert Attempts(clock).begin("ada", HERE) is not None


def test_many_at_once_are_no_more_than_one_after_the_other(clock: Clock) -> None:
    def begin(_: int) -> bool:
        try:
            return Attempts(clock).begin("ada", HERE) is None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, range(2 * ACCOUNT_ATTEMPTS))) == ACCOUNT_ATTEMPTS


def test_a_success_forgets_the_account_and_not_the_address(clock: Clock) -> None:
    attempts = Attempts(clock)
    for at in range(ADDRESS_ATTEMPTS):
        assert attempts.begin("ada", HERE) is None, at
        attempts.forget("ada")
    assert attempts.left("ada") == ACCOUNT_ATTEMPTS
    assert attempts.begin("ada", HERE) is not None


def test_all_is_forgotten_when_a_person_says_so(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(ACCOUNT_ATTEMPTS + 1):
        attempts.begin("ada", HERE)
    attempts.forget_all()
    assert attempts.begin("ada", HERE) is None


def test_a_clock_that_was_wrong_locks_nobody_out_for_years(clock: Clock) -> None:
    attempts = Attempts(clock)
    clock.now += 10 * 365 * 86_400
    for _ in range(ACCOUNT_ATTEMPTS + 1):
        attempts.begin("ada", HERE)
    clock.now = 1_000_000.0
    assert attempts.begin("ada", HERE) is None


def test_what_is_kept_is_bounded_and_holds_no_name(clock: Clock) -> None:
    attempts = Attempts(clock)
    for at in range(3 * ADDRESS_ATTEMPTS):
        attempts.begin(f"my secret password {at}" * 100, HERE)
    assert Attempt.objects.count() <= 2 * ADDRESS_ATTEMPTS
    assert not any("secret" in key for key in Attempt.objects.values_list("key", flat=True))
    clock.now += ATTEMPT_SECONDS
    attempts.begin("ada", HERE)
    assert Attempt.objects.count() == 2
