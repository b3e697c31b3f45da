"""What the console works with beside the site that is served."""

from django.db import connection

from apps.console.node import node
from apps.extensions.containment.breaker import Cause
from apps.gitsync.git.commits import Author
from apps.gitsync.writing.saving import save
from tests.console.behind import no_sync
from tests.console.writing.desk import ONE, TEXT, Desk

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


def test_what_is_only_looked_at_is_counted_apart_and_without_the_quarantined(desk: Desk) -> None:
    live = desk.site.live.current().containment
    live.failed("plugin:bad", Cause.ATTACK, "died by SIGSYS")
    own = node().apart(desk.site.files).containment
    assert not own.admits("plugin:bad") and own.admits("plugin:good")
    own.failed("plugin:good", Cause.ATTACK, "died by SIGSYS")
    assert live.admits("plugin:good") and live.quarantined == {"plugin:bad"}


def test_a_commit_is_served_though_the_record_of_its_sync_cannot_be_written(desk: Desk) -> None:
    saved(desk, "new")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        try:
            followed = node().follow()
        finally:
            cursor.execute("PRAGMA query_only = 0")
    assert not followed.reason and "new" in desk.site.text("/posts/one/")


def test_a_commit_that_is_not_served_yet_is_told_with_the_reason(desk: Desk) -> None:
    saved(desk, "new")
    with no_sync(desk.site.source):
        assert "could not read or write its files" in node().follow().reason
    assert not node().follow().reason


def saved(desk: Desk, word: str) -> None:
    files = {ONE: TEXT.replace("here", word).encode()}
    save(desk.site.source, files, author=ADA, cause="Edit", trailers={"Cause": "test"})
