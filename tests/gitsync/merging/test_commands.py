"""Refs that move together, among what others left."""

import os
import time
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import STALE_SECONDS
from apps.gitsync.merging.commands import move_together
from tests.gitsync.repositories import Made

MAIN, OTHER = "refs/heads/main", "refs/heads/other"


@pytest.mark.parametrize(
    "lock", [f"{MAIN}.lock", pytest.param("packed-refs.lock", marks=pytest.mark.long)]
)
def test_a_lock_that_a_killed_git_left_is_no_obstacle_once_it_is_old(
    tmp_path: Path, lock: str
) -> None:
    made = Made(tmp_path / "made.git")
    first, second = made.commit({b"a": b"1"}), made.commit({b"a": b"2"})
    made.git("update-ref", OTHER, first)
    path = made.path / lock
    path.touch()
    moves = [(MAIN, first, second), (OTHER, None, first)]
    repository = Repository(made.path)
    with pytest.raises(GitFault) as caught:
        move_together(repository, moves)
    assert caught.value.code == "git.locked"
    assert repository.refs("refs/heads/") == {MAIN: second, OTHER: first}
    old = time.time() - STALE_SECONDS - 1
    os.utime(path, (old, old))
    move_together(repository, moves)
    assert repository.refs("refs/heads/") == {MAIN: first}
