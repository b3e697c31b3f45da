"""Whether Git need be asked at all for commits that this node alone has."""

from pathlib import Path

import pytest

from apps.gitsync.unpublished import may_have_own


def test_a_clone_that_nobody_wrote_in_has_none(tmp_path: Path) -> None:
    assert not may_have_own(tmp_path / "none.git")
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    assert not may_have_own(tmp_path)
    (tmp_path / "packed-refs").write_text("# pack-refs\n0123 refs/remotes/origin/main\n")
    assert not may_have_own(tmp_path)


def test_a_branch_of_its_own_is_seen_loose_or_packed(tmp_path: Path) -> None:
    branch = tmp_path / "loose" / "refs" / "heads" / "a" / "b"
    branch.parent.mkdir(parents=True)
    branch.write_text("0123\n")
    assert may_have_own(tmp_path / "loose")
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "packed-refs").write_text("0123 refs/heads/main\n")
    assert may_have_own(tmp_path / "packed")


def test_what_cannot_be_read_is_left_to_git(tmp_path: Path) -> None:
    (tmp_path / "packed-refs").mkdir()
    with pytest.raises(IsADirectoryError):
        (tmp_path / "packed-refs").read_bytes()
    assert may_have_own(tmp_path)
