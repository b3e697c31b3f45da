"""A clone takes another's place: what cannot be read is told from what merely failed."""

import os
from pathlib import Path

import pytest

from apps.gitsync.clone.replacing import RESCUED, finish
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from tests.gitsync.repositories import Made

KILLED = """#!/bin/sh
case "$*" in *fetch*) kill -9 $$;; esac
exec {} "$@"
"""


@pytest.fixture
def source(tmp_path: Path) -> SiteSource:
    return SiteSource(remote="/nowhere", branch=None, folder=tmp_path, asset_bytes=1)


@pytest.fixture
def old(source: SiteSource) -> Made:
    """What a killed `replace_clone` left, with a commit that the new clone lacks."""
    Made(source.repository).commit({b"a": b"1"})
    old = Made(source.folder / "replaced.git")
    old.commit({b"a": b"2"})
    return old


def damaged(source: SiteSource) -> list[Path]:
    return list(source.folder.glob("damaged-*.git"))


def test_what_only_the_old_clone_has_is_rescued(old: Made, source: SiteSource) -> None:
    tip = old.tip()
    assert finish(source) == {"refs/heads/main": tip}
    assert tip in Repository(source.repository).refs(RESCUED).values()
    assert not old.path.exists()


def test_a_git_that_is_killed_leaves_the_old_clone_for_the_next(
    old: Made, source: SiteSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = old.tip()
    real = next(f"{p}/git" for p in os.environ["PATH"].split(":") if os.access(f"{p}/git", os.X_OK))
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(KILLED.format(real))
    program.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        with pytest.raises(GitFault) as caught:
            finish(source)
    assert caught.value.code == "git.killed"
    assert old.path.exists() and not damaged(source)
    assert finish(source) == {"refs/heads/main": tip}


@pytest.mark.long
def test_one_that_cannot_be_read_is_set_aside(old: Made, source: SiteSource) -> None:
    blob = old.git("rev-parse", "refs/heads/main:a")
    (old.path / "objects" / blob[:2] / blob[2:]).unlink()
    assert finish(source) == {}
    assert not old.path.exists()
    assert len(damaged(source)) == 1
