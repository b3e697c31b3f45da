from pathlib import Path

import pytest

from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.path_history import path_history, with_signatures
from tests.gitsync.repositories import Made

LONG = b"a line that stays\n" * 20


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """`a.md`, edited, renamed to `b/c.md`, edited, gone."""
    repository = Made(tmp_path / "made.git")
    for path, text in ((b"a.md", b""), (b"a.md", b"1"), (b"b/c.md", b"1"), (b"b/c.md", b"2")):
        repository.commit({path: LONG + text, b"x": b""})
    repository.commit({b"x": b""})
    return repository


def test_a_file_is_followed_through_its_renames(made: Made) -> None:
    found = path_history(Repository(made.path), "refs/heads/main", "b/c.md")
    assert [each.path for each in found] == ["b/c.md", "b/c.md", "b/c.md", "a.md", "a.md"]
    assert found[0].commit == made.tip()
    assert (found[0].author, found[0].email, found[0].cause) == ("Ada", "a@b.c", "Edit")
    assert found[-1].date == "2020-01-01T00:00:00+00:00"
    few = path_history(Repository(made.path), "refs/heads/main", "b/c.md", limit=2)
    assert few == found[:2]


def test_a_path_is_no_pattern_and_no_option(made: Made) -> None:
    for path in ("*.md", ":(glob)**", "--all", "none.md"):
        assert path_history(Repository(made.path), "refs/heads/main", path) == []


def test_trailers_and_the_state_of_the_signature_are_told(made: Made) -> None:
    repository = Repository(made.path)
    who = {f"GIT_{r}_{k}": "x" for r in ("AUTHOR", "COMMITTER") for k in ("NAME", "EMAIL")}
    message = "Edit\n\nCause: console\nPlugin: a 1\n"
    tree = made.tree({b"x": b"1"})
    commit = repository.write_commit(tree, (made.tip(),), message, who)
    found = path_history(repository, commit, "x", limit=1)
    assert found[0].trailers == {"Cause": "console", "Plugin": "a 1"}
    assert found[0].signature == "not checked"
    (signed,) = with_signatures(repository, found, served=commit, first=())
    assert signed.signature == "unsigned"
