"""Conflicts as publishing leaves them, and what a person makes of them."""

import pytest

from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault
from apps.gitsync.merging.conflicts import MergeConflict
from apps.gitsync.merging.resolving import list_conflicts, read_conflict
from apps.gitsync.writing.deciding import decide, numbers, told
from apps.gitsync.writing.publication import CONFLICT, PUBLISHED
from tests.gitsync.consoles import ONE, Console
from tests.scribes import OWN

PATH = "content/one.md"


@pytest.fixture
def conflict(ada: Console, bob: Console) -> MergeConflict:
    """Ada's, of the first paragraph; bob has published his."""
    bob.save(PATH, ONE.replace("first", "by bob"))
    bob.publish()
    ada.save(PATH, ONE.replace("first", "by ada"))
    report = ada.publish()
    assert report.state == CONFLICT and report.conflict
    return read_conflict(ada.git, report.conflict)


def test_the_chosen_side_becomes_a_merge_of_both_that_can_be_published(
    ada: Console, conflict: MergeConflict
) -> None:
    assert told(ada.git, conflict)["current"] is True
    commit = decide(ada.source, conflict, {Side.THEIRS: [PATH]}, {}, author=ada.author, merges=OWN)
    assert ada.text_of(PATH, commit) == ONE.replace("first", "by bob")
    parents = ada.git.run("rev-list", "--parents", "-n1", commit).decode().split()[1:]
    assert parents == [conflict.theirs, conflict.ours]
    assert (ada.at.own, list_conflicts(ada.git)) == (commit, [])
    assert ada.publish().state == PUBLISHED


@pytest.mark.long
def test_bytes_may_be_given_for_a_whole_file(ada: Console, conflict: MergeConflict) -> None:
    both = ONE.replace("first", "by bob and ada")
    commit = decide(ada.source, conflict, {}, {PATH: both.encode()}, author=ada.author, merges=OWN)
    assert ada.text_of(PATH, commit) == both


@pytest.mark.long
def test_what_is_not_decided_changes_nothing(ada: Console, conflict: MergeConflict) -> None:
    own = ada.at.own
    for said, code in (
        ({}, "conflict.open"),
        ({Side.OURS: ["9"]}, "conflict.choice"),
        ({Side.OURS: ["1"], Side.THEIRS: [PATH]}, "conflict.choice"),
    ):
        with pytest.raises(GitFault) as caught:
            decide(ada.source, conflict, said, {}, author=ada.author, merges=OWN)
        assert caught.value.code == code
    assert (ada.at.own, len(list_conflicts(ada.git))) == (own, 1)


@pytest.mark.long
def test_a_conflict_is_outdated_when_something_was_saved_since(
    ada: Console, conflict: MergeConflict
) -> None:
    ada.save("content/two.md", "# Two\n")
    with pytest.raises(GitFault) as caught:
        decide(ada.source, conflict, {Side.OURS: [PATH]}, {}, author=ada.author, merges=OWN)
    assert caught.value.code == "conflict.outdated"
    again = ada.publish()
    assert again.conflict != conflict.id
    assert [each.id for each in list_conflicts(ada.git)] == [again.conflict]


def test_a_path_stands_for_its_numbers(conflict: MergeConflict) -> None:
    assert numbers(conflict, {Side.BASE: [PATH]}) == {"1": Side.BASE}
    assert numbers(conflict, {Side.BASE: ["1.1"]}) == {"1.1": Side.BASE}
