"""A process's own view: at once, for all its threads, whatever becomes of the database."""

import sqlite3
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection

from apps.extensions import limits
from apps.extensions.containment.breaker import CLOSED, OPEN, QUARANTINED, Cause
from apps.extensions.containment.breakers import Breakers
from apps.extensions.containment.denials import Denial, Denials
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.containment.writer import Writer
from apps.extensions.models import ExtensionState
from apps.policy.models import AuditEvent
from tests.extensions.shared_states import Clock, new_site

KEY = "plugin:probe"


class Process:
    """The breakers of one process and its writer, whose steps are taken by hand."""

    def __init__(self, site: str, clock: Clock) -> None:
        self.clock, self.denials = clock, Denials()
        self.breakers = Breakers(lambda: None, alone=False)
        self.store = DatabaseStore(site)
        self.writer = Writer(self.breakers, self.denials, self.store, clock)
        self.step = self.writer.step

    def fails(self, cause: Cause = Cause.BUDGET) -> None:
        self.breakers.failed(KEY, cause, self.clock.now, "it failed")

    def succeeds(self) -> None:
        self.breakers.succeeded(KEY, self.clock.now)

    def tries(self) -> bool:
        return self.breakers.tries(KEY, self.clock.now)

    @property
    def state(self) -> str:
        return self.breakers.all().get(KEY, CLOSED).state


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def pair(clock: Clock) -> tuple[Process, Process]:
    site = new_site()
    return Process(site, clock), Process(site, clock)


def test_a_failure_counts_before_anything_is_written(pair: tuple[Process, Process]) -> None:
    one, _ = pair
    one.fails()
    assert one.breakers.is_shut(KEY) and not one.tries()
    assert one.store.read() == {}


def test_what_one_process_shuts_the_other_sees(pair: tuple[Process, Process]) -> None:
    one, other = pair
    one.fails(Cause.ATTACK)
    one.step()
    other.step()
    assert other.state == QUARANTINED


def test_failures_over_budget_of_both_add_up(pair: tuple[Process, Process]) -> None:
    for process in (*pair, *pair):
        process.succeeds()
        process.step()
    one, other = pair
    for process in (one, other, one):
        process.fails()
        process.step()
    other.step()
    assert (one.state, other.state) == (OPEN, OPEN)


def test_of_two_processes_one_gets_the_trial_and_its_success_closes_for_both(
    pair: tuple[Process, Process], clock: Clock
) -> None:
    one, other = pair
    one.fails()
    one.step()
    other.step()
    clock.now += limits.BACKOFF_FIRST
    assert not one.tries() and not other.tries()
    other.step()
    one.step()
    assert not one.tries()
    assert other.tries() and not other.tries()
    one.fails(Cause.ERROR)
    assert one.state == OPEN
    other.succeeds()
    assert other.state == "closed"
    other.step()
    one.step()
    assert one.state == "closed" and one.tries()


def test_a_trial_that_fails_opens_for_longer_everywhere(
    pair: tuple[Process, Process], clock: Clock
) -> None:
    one, other = pair
    one.fails()
    one.step()
    clock.now += limits.BACKOFF_FIRST
    one.tries()
    one.step()
    assert one.tries()
    one.fails(Cause.ERROR)
    one.step()
    other.step()
    for process in pair:
        assert process.breakers.all()[KEY].retry_at == clock.now + 2 * limits.BACKOFF_FIRST


def test_a_claim_is_kept_until_a_request_comes_and_lapses_with_its_process(
    pair: tuple[Process, Process], clock: Clock
) -> None:
    one, other = pair
    one.fails()
    one.step()
    clock.now += limits.BACKOFF_FIRST
    one.tries()
    one.step()
    for _ in range(3):
        clock.now += limits.TRIAL_SECONDS * 0.9
        one.step()
        other.step()
        assert not other.tries()
    clock.now += limits.TRIAL_SECONDS
    assert not other.tries()
    other.step()
    assert other.tries() and not one.tries()


def test_a_trial_that_never_ends_is_made_again(pair: tuple[Process, Process], clock: Clock) -> None:
    one, _ = pair
    one.fails()
    one.step()
    clock.now += limits.BACKOFF_FIRST
    one.tries()
    one.step()
    assert one.tries()
    clock.now += limits.TRIAL_SECONDS
    one.succeeds()
    assert one.state == OPEN
    one.tries()
    one.step()
    assert one.tries()


def test_a_locked_database_loses_nothing(pair: tuple[Process, Process]) -> None:
    one, other = pair
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=10")
    locking = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        locking.execute("BEGIN EXCLUSIVE")
        one.fails(Cause.ATTACK)
        one.denials.add(Denial(KEY, "propose.header", "propose:header", 0.0, "id"))
        for _ in range(2):
            with pytest.raises(DatabaseError):
                one.step()
        assert one.state == QUARANTINED
        locking.execute("ROLLBACK")
        one.step()
        other.step()
        assert other.state == QUARANTINED
        rows = AuditEvent.objects.filter(site=one.store._site).order_by("id")
        assert [row.action for row in rows] == ["quarantineExtension", "proposeHeader"]
    finally:
        locking.close()
        connection.close()


def test_one_state_that_cannot_be_written_does_not_keep_others_back(
    pair: tuple[Process, Process],
) -> None:
    one, _ = pair
    one.breakers.failed("plugin:\udc80", Cause.ATTACK, 1.0, "x")
    one.fails(Cause.ATTACK)
    with pytest.raises(UnicodeEncodeError):
        one.step()
    assert one.store.read()[KEY].state == QUARANTINED
    assert one.breakers.all()["plugin:\udc80"].state == QUARANTINED


def test_a_quarantine_whose_row_was_lost_is_written_again(pair: tuple[Process, Process]) -> None:
    one, _ = pair
    one.fails(Cause.ATTACK)
    one.step()
    ExtensionState.objects.filter(site=one.store._site).delete()
    one.step()
    one.step()
    assert one.state == QUARANTINED
    assert one.store.read()[KEY].state == QUARANTINED


def test_an_attack_that_was_not_written_yet_outlives_being_enabled(
    pair: tuple[Process, Process],
) -> None:
    one, other = pair
    one.fails(Cause.ATTACK)
    one.step()
    other.fails(Cause.ATTACK)
    one.store.enable(KEY, "user:ada")
    one.step()
    assert one.state == "closed"
    other.step()
    one.step()
    assert (one.state, other.state) == (QUARANTINED, QUARANTINED)


def test_other_bytes_have_no_credit_but_stay_shut(pair: tuple[Process, Process]) -> None:
    one, other = pair
    one.succeeds()
    assert one.breakers.is_settled(KEY)
    one.breakers.loaded([KEY])
    one.fails()
    assert one.state == OPEN
    other.fails(Cause.ATTACK)
    other.breakers.loaded([KEY])
    assert other.state == QUARANTINED


def test_memory_is_bounded_by_forgetting_closed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BREAKERS", 10)
    breakers = Breakers(lambda: None, alone=True)
    breakers.failed("plugin:bad", Cause.ATTACK, 1.0, "x")
    for number in range(100):
        breakers.succeeded(f"plugin:p{number}", 1.0)
        assert len(breakers.all()) <= 10
    assert breakers.is_shut("plugin:bad")


def test_of_many_threads_exactly_one_is_the_trial(clock: Clock) -> None:
    breakers = Breakers(lambda: None, alone=True)
    breakers.failed(KEY, Cause.BUDGET, clock.now, "slow")
    clock.now += limits.BACKOFF_FIRST
    together, tried = Barrier(8), list[bool]()

    def ask() -> None:
        together.wait()
        tried.extend(breakers.tries(KEY, clock.now) for _ in range(50))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tried) == 1
