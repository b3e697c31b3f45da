"""The shared state in a real database: one transaction a change, one audit row a transition."""

from threading import Thread

import pytest
from django.db import connection, connections

from apps.extensions.containment.breaker import CLOSED, OPEN, QUARANTINED, Breaker, Cause, opened
from apps.extensions.containment.breakers import Claim
from apps.extensions.containment.changes import Change
from apps.extensions.containment.denials import Denial
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.models import ExtensionState
from apps.policy.models import AuditEvent
from tests.extensions.shared_states import new_site

KEY = "plugin:probe"
FAILURE = Cause.BUDGET


@pytest.fixture
def store() -> DatabaseStore:
    return DatabaseStore(new_site(), lambda: "c0ffee")


def audit(store: DatabaseStore) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(site=store._site).order_by("id"))


def test_what_was_written_is_read_again_to_the_last_digit(store: DatabaseStore) -> None:
    first = store.carry_out(KEY, (Change(1_000.123456789, FAILURE, "slow"),))
    assert first.failures == (1_000.123456789,)
    written = store.carry_out(KEY, (Change(1_001.1, FAILURE, "slow", opens=True),))
    assert written.state == OPEN
    assert store.read() == {KEY: written}


def test_failures_of_several_processes_add_up(store: DatabaseStore) -> None:
    for at in (1_000.0, 1_010.0):
        assert store.carry_out(KEY, (Change(at, FAILURE, "slow"),)).state == "closed"
    assert store.carry_out(KEY, (Change(1_020.0, FAILURE, "slow"),)).state == OPEN


def test_two_processes_that_open_at_the_same_time_are_one_opening(store: DatabaseStore) -> None:
    for _ in range(2):
        found = store.carry_out(KEY, (Change(1_000.0, Cause.ERROR, "nil", opens=True),))
    assert found.openings == 1
    assert [row.action for row in audit(store)] == ["openBreaker"]


def test_another_site_knows_nothing_of_it(store: DatabaseStore) -> None:
    store.carry_out(KEY, (Change(1_000.0, Cause.ATTACK, "SIGSYS"),))
    assert DatabaseStore(new_site()).read() == {}


def test_only_one_claim_of_a_trial_wins(store: DatabaseStore) -> None:
    seen = store.carry_out(KEY, (Change(1_000.0, FAILURE, "slow", opens=True),))
    won: list[Breaker | None] = []

    def claim(until: float) -> None:
        won.append(store.claim(Claim(KEY, seen, until)))
        connections["default"].close()

    threads = [Thread(target=claim, args=(2_000.0 + each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each is not None for each in won) == 1


def test_a_claim_is_refused_once_the_state_is_another(store: DatabaseStore) -> None:
    seen = store.carry_out(KEY, (Change(1_000.0, FAILURE, "slow", opens=True),))
    store.carry_out(KEY, (Change(1_001.0, Cause.ATTACK, "SIGSYS"),))
    assert store.claim(Claim(KEY, seen, 2_000.0)) is None


def test_enabling_again_ends_a_quarantine_and_names_who(store: DatabaseStore) -> None:
    store.carry_out(KEY, (Change(1_000.0, Cause.ATTACK, "killed by SIGSYS"),))
    assert store.enable(KEY, "user:ada").state == QUARANTINED
    assert store.read() == {KEY: CLOSED}
    told = audit(store)[-1]
    assert (told.principal, told.action, told.resource) == ("user:ada", "enableExtension", KEY)
    assert "killed by SIGSYS" in told.reason and told.decision == "allow"
    assert ExtensionState.objects.get(site=store._site).enabled_by == "user:ada"


def test_enabling_what_is_closed_changes_nothing(store: DatabaseStore) -> None:
    assert store.enable(KEY, "user:ada") == CLOSED
    assert store.read() == {} and audit(store) == []


def test_a_state_of_a_newer_version_counts_as_quarantined(store: DatabaseStore) -> None:
    ExtensionState.objects.create(site=store._site, key=KEY, state="suspended")
    assert store.read()[KEY].state == QUARANTINED


def test_denied_calls_become_rows_with_the_policy_action(store: DatabaseStore) -> None:
    denial = Denial(KEY, "propose.header", "propose:header", 1_000.0, "4f2a", times=7)
    store.deny([denial], 3)
    row, lost = audit(store)
    assert (row.principal, row.action, row.resource) == (KEY, "proposeHeader", "propose.header")
    assert (row.decision, row.times, row.request_id, row.commit) == ("deny", 7, "4f2a", "c0ffee")
    assert (lost.action, lost.times) == ("dropDenials", 3)


def test_reading_all_states_is_one_query_by_index(store: DatabaseStore) -> None:
    plan = ExtensionState.objects.filter(site=store._site).explain()
    assert connection.vendor == "sqlite" and "USING INDEX" in plan and "(site=?)" in plan


def test_a_change_of_an_unknown_kind_of_failure_leaves_an_open_one_alone(
    store: DatabaseStore,
) -> None:
    before = store.carry_out(KEY, (Change(1_000.0, FAILURE, "slow", opens=True),))
    assert store.carry_out(KEY, (Change(1_001.0, Cause.ERROR, "late", opens=True),)) == before
    assert before == opened(Breaker(failures=(1_000.0,)), 1_000.0, "slow")
