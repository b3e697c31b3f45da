"""Containment as requests and operators meet it: threads, other processes, restarts."""

import time
from pathlib import Path

import pytest
from django.db import connections

from apps.extensions import limits
from apps.extensions.containment.breaker import OPEN, QUARANTINED, Cause
from apps.extensions.containment.containment import Containment, Status
from apps.extensions.containment.store import DatabaseStore
from apps.policy.models import AuditEvent
from tests.extensions.shared_states import Clock, OtherProcess, becomes_true, following, new_site

KEY = "plugin:probe"
NOW = 1_000_000.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this process; others poll as in production."""
    monkeypatch.setattr(limits, "STATES_POLL_SECONDS", 0.02)


def test_without_a_store_a_process_is_on_its_own() -> None:
    clock = Clock(NOW)
    alone = Containment(clock=clock)
    assert alone.admits(KEY)
    alone.failed(KEY, Cause.BUDGET, "too slow")
    assert not alone.admits(KEY)
    status = alone.shut()[KEY]
    assert status == Status(OPEN, "too slow", NOW + limits.BACKOFF_FIRST, 1)
    assert status.retry_in(NOW + 10) == 20.0
    clock.now += limits.BACKOFF_FIRST
    assert alone.admits(KEY) and not alone.admits(KEY)
    alone.succeeded(KEY)
    assert alone.admits(KEY) and alone.shut() == {}


def test_nothing_is_admitted_until_the_shared_state_was_read() -> None:
    waiting = Containment(DatabaseStore(new_site()))
    assert not waiting.known and not waiting.admits(KEY)
    waiting.start()
    assert waiting.known and waiting.admits(KEY)
    waiting.stop()


def test_apart_nothing_is_held_against_anybody_and_the_quarantined_do_not_run() -> None:
    shared = Containment(clock=Clock(NOW))
    near = shared.apart()
    far = near.apart()
    assert far.admits(KEY)
    near.failed(KEY, Cause.ATTACK, "died by SIGSYS")
    assert shared.admits(KEY) and shared.quarantined == frozenset()
    assert not near.admits(KEY) and not far.admits(KEY)
    shared.failed("plugin:bad", Cause.ATTACK, "died by SIGSYS")
    assert not near.admits("plugin:bad") and not far.admits("plugin:bad")
    shared.failed("plugin:slow", Cause.BUDGET, "too slow")
    assert not shared.admits("plugin:slow") and far.admits("plugin:slow")


def test_apart_too_nothing_is_admitted_before_the_shared_state_was_read() -> None:
    waiting = Containment(DatabaseStore(new_site()))
    apart = waiting.apart()
    assert not apart.admits(KEY)
    waiting.start()
    assert apart.admits(KEY)
    waiting.stop()


def test_a_database_that_is_gone_is_followed_once_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = new_site()
    DatabaseStore(site).enable(KEY, "user:ada")
    with following(site) as found:
        found.failed(KEY, Cause.ATTACK, "killed by SIGSYS")
        assert becomes_true(lambda: DatabaseStore(site).read())
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", tmp_path / "none" / "x")
    connections["default"].close()
    late = Containment(DatabaseStore(site))
    late.start()
    assert not late.known and not late.admits("plugin:other")
    monkeypatch.undo()
    connections["default"].close()
    assert becomes_true(lambda: late.known)
    assert late.admits("plugin:other") and not late.admits(KEY)
    late.stop()


def test_what_is_told_of_an_extension_is_plain_and_short() -> None:
    alone = Containment()
    alone.failed(KEY, Cause.ATTACK, "a\x1b]0;\nb" + "x" * 10_000)
    reason = alone.statuses()[KEY].reason
    assert reason.isprintable() and len(reason) < 1000


def test_denied_calls_reach_the_audit_at_the_latest_when_it_stops() -> None:
    site = new_site()
    with following(site) as found:
        for _ in range(5):
            found.denied(KEY, "propose.header", "propose:header", "4f2a")
    (row,) = AuditEvent.objects.filter(site=site)
    assert (row.principal, row.action, row.times) == (KEY, "proposeHeader", 5)


def test_processes_agree_and_a_quarantine_survives_kill_and_restart_until_it_is_enabled() -> None:
    site = new_site()
    with OtherProcess(site) as other, following(site) as here:
        assert here.admits(KEY) and other.ask("admits", KEY)
        other.ask("failed", KEY, "attack", "killed by SIGSYS")
        assert becomes_true(lambda: not here.admits(KEY))
        other.kill()
    with following(site) as restarted:
        assert not restarted.admits(KEY)
        assert restarted.shut()[KEY].state == QUARANTINED
        DatabaseStore(site).enable(KEY, "user:ada")
        assert becomes_true(lambda: restarted.admits(KEY))


@pytest.mark.long
def test_killed_between_failures_a_process_loses_at_most_what_waited() -> None:
    site = new_site()
    with OtherProcess(site) as other, following(site) as here:
        here.succeeded(KEY)
        other.ask("succeeded", KEY)
        for number in range(2):
            other.ask("failed", KEY, "budget", "slow")
            assert becomes_true(lambda n=number: _failures(site) == n + 1)  # type: ignore[misc]
        other.ask("denied", KEY, "propose.header", "propose:header", "id")
        other.kill()
        assert not AuditEvent.objects.filter(site=site).exists()
        assert becomes_true(lambda: here.statuses()[KEY].failures == 2)
        assert here.admits(KEY)
        here.failed(KEY, Cause.BUDGET, "slow")
        assert not here.admits(KEY)


@pytest.mark.long
def test_over_many_processes_exactly_one_request_is_the_trial() -> None:
    site, past = new_site(), Clock(time.time() - limits.BACKOFF_FIRST - 1)
    with following(site, past) as opening:
        opening.failed(KEY, Cause.BUDGET, "slow")
        assert becomes_true(lambda: DatabaseStore(site).read())
    begun = [OtherProcess(site) for _ in range(3)]
    with begun[0], begun[1], begun[2]:
        assert becomes_true(lambda: any(each.ask("admits", KEY) for each in begun))
        for _ in range(2000):
            assert not any(each.ask("admits", KEY) for each in begun)


def _failures(site: str) -> int:
    return sum(len(each.failures) for each in DatabaseStore(site).read().values())
