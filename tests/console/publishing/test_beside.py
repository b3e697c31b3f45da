"""Commits that are looked at beside the served one: few, and put away."""

import pytest

from apps.console.node import node
from apps.console.publishing import beside
from apps.console.publishing.beside import looking
from tests.console.publishing.desks import Desk
from tests.gitsync.consoles import ONE


@pytest.mark.long
def test_only_so_many_are_ready_and_none_goes_while_it_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "BESIDE", 1)
    first = desk.console.at.theirs or ""
    second = desk.console.save("content/one.md", ONE.replace("first", "second"))
    desk.console.save("content/one.md", ONE.replace("first", "third"))
    desk.console.sync(fetching=False)
    with looking(node(), first) as one, looking(node(), second) as two:
        folders = [each.files.index.parent for each in (one, two)]
        assert (one.commit, two.commit) == (first, second)
        assert all(folder.exists() for folder in folders)
    with looking(node(), second):
        assert [folder.exists() for folder in folders] == [False, True]
    beside.forget_all()
    assert not any(folder.exists() for folder in folders)


@pytest.mark.long
def test_the_commit_that_is_served_needs_no_index_of_its_own(desk: Desk) -> None:
    served = desk.console.live.current()
    with looking(node(), served.commit) as found:
        assert found.files == served.files and found.containment is not served.containment
