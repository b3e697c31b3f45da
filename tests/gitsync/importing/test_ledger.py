import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.importing.deciding import decided
from apps.gitsync.importing.ledger import Entry, content_of, ledger_of
from apps.gitsync.importing.outcomes import Outcome

OLD, NEW, OWN = "a" * 40, "b" * 40, "c" * 40
ENTRY = Entry("content/a.html", OLD)
WRITTEN, UNCHANGED, KEPT = Outcome.WRITTEN, Outcome.UNCHANGED, Outcome.KEPT


@pytest.mark.parametrize(
    ("entry", "there", "wanted", "outcome", "theirs"),
    [
        (None, None, NEW, WRITTEN, WRITTEN),
        (None, NEW, NEW, UNCHANGED, UNCHANGED),
        (None, OWN, NEW, KEPT, WRITTEN),
        (ENTRY, OLD, OLD, UNCHANGED, UNCHANGED),
        (ENTRY, OLD, NEW, WRITTEN, WRITTEN),
        (ENTRY, OWN, NEW, KEPT, WRITTEN),
        (ENTRY, OWN, OLD, KEPT, WRITTEN),
        (ENTRY, None, OLD, KEPT, WRITTEN),
    ],
)
def test_what_a_person_changed_is_theirs(
    entry: Entry | None, there: str | None, wanted: str, outcome: Outcome, theirs: Outcome
) -> None:
    files = {"content/a.html": there} if there else {}
    for replace, expected in ((False, outcome), (True, theirs)):
        found = decided(entry, "content/a.html", wanted, files, theirs=replace)
        assert found.outcome is expected
        assert bool(found.reason) == (expected is KEPT)


def test_a_ledger_is_read_as_it_was_written() -> None:
    ledger = {"item:1": ENTRY, "file:2": Entry("media/ü.jpg", NEW)}
    assert ledger_of(content_of(ledger)) == ledger
    assert ledger_of(None) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"files": {"a": ["../b", "%s"]}}' % OLD.encode(),
        b'{"files": {"a": ["b", "x"]}}',
        b'{"files": {"a": "b"}}',
        b'{"files": {"a": [1, 2]}}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_ledger_that_no_import_wrote_is_refused(content: bytes) -> None:
    with pytest.raises(GitFault, match="cannot be read"):
        ledger_of(content)
