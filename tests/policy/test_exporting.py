"""The audit leaves the node whole and in order, and can go on where it ended."""

import json
from io import StringIO

from django.core.management import call_command
from django.test import override_settings

from apps.policy.audit import ALLOW, Entry, record
from apps.policy.exporting import FIELDS, moment, rows
from tests.extensions.shared_states import new_site


def filled(count: int) -> str:
    site = new_site()
    record(*(_entry(site, n) for n in range(count)))
    return site


def _entry(site: str, n: int) -> Entry:
    return Entry(
        site=site,
        at=1000.0 + n,
        principal="p",
        action="edit",
        resource="r",
        decision=ALLOW,
        reason=f"r{n}",
    )


def test_all_rows_of_a_site_are_written_oldest_first() -> None:
    site = filled(5)
    found = list(rows(site))
    assert [row["reason"] for row in found] == [f"r{n}" for n in range(5)]
    assert set(found[0]) == set(FIELDS) and found[0]["at"] == "1970-01-01T00:16:40+00:00"
    assert [row["reason"] for row in rows(site, after=found[2]["id"])] == ["r3", "r4"]
    assert [row["reason"] for row in rows(site, since=moment("1970-01-01T00:16:43"))] == [
        "r3",
        "r4",
    ]
    assert [row["reason"] for row in rows(site, latest=2)] == ["r3", "r4"]


def test_the_command_writes_json_lines() -> None:
    out = StringIO()
    with override_settings(SITE_KEY=filled(3)):
        call_command("audit", "export", stdout=out)
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        assert [line["reason"] for line in lines] == ["r0", "r1", "r2"]
        listed = StringIO()
        call_command("audit", "list", "--limit", "1", stdout=listed)
    assert listed.getvalue() == "1970-01-01T00:16:42+00:00 allow p edit r: r2\n"
