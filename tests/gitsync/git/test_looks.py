from pathlib import Path

import pytest

from apps.gitsync.git.looks import look
from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import Made

HEAD, MAIN = "refs/remotes/origin/HEAD", "refs/remotes/origin/main"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


def test_an_empty_clone_has_no_refs(made: Made) -> None:
    found = look(Repository(made.path))
    assert (found.objects, found.targets) == ({}, {})


def test_a_look_shows_what_each_question_would(made: Made) -> None:
    here, commit = Repository(made.path), made.commit({b"a": b"1"})
    said = f"object {commit}\ntype commit\ntag t\ntagger A <a@b> 1 +0000\n\nx\n"
    tag = made.git("mktag", stdin=said.encode())
    here.set(MAIN, commit)
    here.set("refs/whispercms/served/main", tag)
    here.symbolic(HEAD, MAIN)
    found = look(here)
    assert found.targets == {HEAD: here.symbolic(HEAD)}
    assert found.objects == {
        "refs/heads/main": commit,
        HEAD: commit,
        MAIN: commit,
        "refs/whispercms/served/main": tag,
    }
    assert all(here.resolve(ref) == name for ref, name in found.objects.items())


def test_a_symbolic_ref_to_nothing_is_not_seen(made: Made) -> None:
    here = Repository(made.path)
    here.symbolic(HEAD, MAIN)
    assert look(here).targets == {}
    assert here.symbolic(HEAD) == MAIN
