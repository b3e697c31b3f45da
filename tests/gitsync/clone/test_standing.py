"""What a node serves that writes, and when its own refs go."""

from apps.gitsync.clone.standing import is_rewritten, newest, read_standing, settle, unpublished
from tests.gitsync.consoles import Console


def test_a_node_that_never_wrote_has_nothing_of_its_own(ada: Console) -> None:
    at = ada.at
    assert (at.own, at.asked, newest(ada.git, at)) == (None, None, at.theirs)
    assert settle(ada.git, "main") == at
    assert unpublished(ada.git, "main") == 0
    assert read_standing(ada.git, "none").theirs is None


def test_own_commits_are_served_until_the_remote_has_them(ada: Console) -> None:
    first, own = ada.at.theirs or "", ada.save("content/two.md", "# Two\n")
    assert newest(ada.git, ada.at) == own
    assert settle(ada.git, "main").own == own
    ada.git.set("refs/remotes/origin/main", own)
    assert newest(ada.git, ada.at) == own
    at = settle(ada.git, "main")
    assert (at.own, at.theirs, at.followed) == (None, own, own)
    ada.git.set("refs/remotes/origin/main", first)
    assert is_rewritten(ada.git, ada.at)
    assert settle(ada.git, "main") == ada.at


def test_a_branch_beside_the_remote_s_is_served_and_stays(ada: Console) -> None:
    first, own = ada.at.theirs or "", ada.save("content/two.md", "# Two\n")
    tree = ada.git.resolve(f"{first}^{{tree}}") or ""
    theirs = ada.git.write_commit(tree, (first,), "x\n", ada.author.as_environment())
    ada.git.set("refs/remotes/origin/main", theirs)
    assert settle(ada.git, "main").own == own
    assert newest(ada.git, ada.at) == own
    assert unpublished(ada.git, "main") == 1
    assert not is_rewritten(ada.git, ada.at)
