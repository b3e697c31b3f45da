"""The record of syncs, and what is told with it."""

import json
from collections.abc import Iterator

import pytest
from django.db import Error as DatabaseError
from django.test import override_settings

from apps.content.problems import Problem
from apps.gitsync import local
from apps.gitsync.local import record
from apps.gitsync.models import SyncRun
from apps.gitsync.report import APPLIED, REFUSED, SyncReport
from apps.runtime.outbox.models import KeptEvent
from tests.extensions.shared_states import new_site
from tests.sites import Site

BAD = Problem("config.toml", 1, "config.syntax", "bad")
WORSE = Problem("config.toml", 2, "config.syntax", "worse")


@pytest.fixture
def key() -> Iterator[str]:
    made = new_site()
    with override_settings(SITE_KEY=made):
        yield made


def ran(site: Site, *problems: Problem) -> None:
    state = REFUSED if problems else APPLIED
    report = SyncReport(state=state, branch="main", old=None, new="c1", problems=problems)
    record(site.local, report)


def told(key: str) -> list[dict[str, str]]:
    rows = KeptEvent.objects.filter(topic="site.sync_refused").order_by("id")
    return [found for row in rows if (found := json.loads(row.payload))["site"] == key]


def test_each_new_reason_is_told_once(site: Site, key: str) -> None:
    for problem in (BAD, BAD, WORSE, WORSE):
        ran(site, problem)
    ran(site)
    ran(site, WORSE)
    found = told(key)
    assert [each["reason"] for each in found] == [str(BAD), str(WORSE), str(WORSE)]
    assert (found[0]["code"], found[0]["commit"], found[0]["state"]) == (
        "config.syntax",
        "c1",
        "refused",
    )


def test_what_is_well_is_only_recorded(site: Site, key: str) -> None:
    ran(site)
    assert SyncRun.objects.filter(site=key).count() == 1
    assert told(key) == []


def test_a_run_that_cannot_be_told_of_is_not_recorded_either(
    site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(topic: str, payload: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(local, "keep_by_default", full)
    with pytest.raises(DatabaseError):
        ran(site, BAD)
    assert not SyncRun.objects.filter(site=key).exists()
