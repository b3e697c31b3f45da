"""What a node has and the remote lacks, told without the network."""

import pytest

from apps.gitsync.writing import outgoing as module
from apps.gitsync.writing.outgoing import ChangedFile, contents_of, files_between, outgoing
from tests.gitsync.consoles import ONE, Console

PATH = "content/one.md"


def test_own_commits_and_their_files_are_told_and_nothing_after_publishing(ada: Console) -> None:
    assert outgoing(ada.source).is_empty
    ada.save("content/two.md", "# Two\n")
    own = ada.save(PATH, ONE.replace("first", "ada's"))
    found = outgoing(ada.source)
    assert [each.subject for each in found.commits] == [f"Edit {PATH}", "Edit content/two.md"]
    assert (found.ours, found.base, found.theirs) == (own, ada.at.theirs, ada.at.theirs)
    assert [each.path for each in found.files] == [PATH, "content/two.md"]
    assert found.commits[0].author == "ada" and found.commits[0].moment
    ada.publish()
    assert outgoing(ada.source).is_empty


@pytest.mark.long
def test_what_others_published_is_not_among_the_own_files(ada: Console, bob: Console) -> None:
    bob.save("content/bobs.md", "# By bob\n")
    bob.publish()
    ada.save(PATH, ONE.replace("first", "ada's"))
    ada.sync()
    found = outgoing(ada.source)
    assert [each.path for each in found.files] == [PATH]
    assert [each.subject for each in found.others] == ["Edit content/bobs.md"]


@pytest.mark.long
def test_what_is_too_long_is_not_read_and_there_is_an_end_of_files(
    ada: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHOWN_BYTES", 10)
    monkeypatch.setattr(module, "CHANGED", 2)
    for name, text in (("a", "x" * 10), ("b", "x" * 11), ("c", "")):
        ada.save(f"content/{name}.md", text)
    files = files_between(ada.git, ada.at.theirs, ada.at.own or "")
    assert [each.path for each in files] == ["content/a.md", "content/b.md"]
    read = [contents_of(ada.git, each) for each in files]
    assert read == [{files[0].new: b"x" * 10}, None]
    assert contents_of(ada.git, ChangedFile("gone", None, None)) == {}
