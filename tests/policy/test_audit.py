"""The audit can only be added to, and says nothing that a terminal would obey."""

import pytest

from apps.policy.audit import ALLOW, Entry, record
from apps.policy.models import AppendOnly, AuditEvent
from tests.extensions.shared_states import new_site


def told(**values: object) -> AuditEvent:
    site = new_site()
    given = {"principal": "user:ada", "action": "enableExtension", "resource": "plugin:x"}
    record(Entry(site=site, decision=ALLOW, at=1_000.0, **{**given, **values}))  # type: ignore[arg-type]
    return AuditEvent.objects.get(site=site)


def test_what_was_recorded_is_there_with_its_moment_and_node() -> None:
    row = told(reason="was quarantined", times=3)
    assert (row.principal, row.reason, row.times) == ("user:ada", "was quarantined", 3)
    assert row.at.timestamp() == 1_000.0 and row.node


def test_a_row_can_be_neither_changed_nor_removed() -> None:
    row = told()
    row.reason = "nothing happened"
    rows = AuditEvent.objects.filter(pk=row.pk)
    for change in (
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(reason=""),
        lambda: AuditEvent.objects.bulk_update([row], ["reason"]),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert AuditEvent.objects.get(pk=row.pk).reason == ""


def test_text_is_cut_to_its_column_and_made_plain() -> None:
    row = told(principal="p\x1b[2J" * 500, reason="r\n\udc80" * 5000)
    assert len(row.principal) == 300 and row.principal.isprintable()
    assert len(row.reason) == 500 and row.reason.isprintable()
