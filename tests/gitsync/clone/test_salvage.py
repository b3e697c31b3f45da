"""What is saved of a clone when the remote has none of it any more."""

import shutil
from pathlib import Path

import pytest

from apps.gitsync.clone.certainty import TRIES, readable
from apps.gitsync.clone.integrity import check
from apps.gitsync.clone.salvage import RECOVERED, TOLD, Salvage, salvage
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import Made

MAIN = "refs/heads/main"
FILES = {b"a.md": b"a", b"deep/b.md": b"b"}


@pytest.fixture
def old(tmp_path: Path) -> Made:
    return Made(tmp_path / "old.git")


@pytest.fixture
def fresh(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "fresh.git")
    repository.create()
    return repository


def damage(old: Made, name: str, content: bytes | None = b"") -> None:
    object = old.git("rev-parse", name)
    path = old.path / "objects" / object[:2] / object[2:]
    path.chmod(0o644)
    path.unlink() if content is None else path.write_bytes(content)


def recovered(fresh: Repository) -> str:
    (ref,) = fresh.refs(RECOVERED)
    return ref


def text(fresh: Repository, name: str) -> bytes:
    return fresh.plumb("cat-file", "blob", name)


@pytest.mark.parametrize(
    "content",
    [b"", *(pytest.param(each, marks=pytest.mark.long) for each in (None, b"\x78\x9c\x4b\xca"))],
)
def test_one_broken_file_of_long_ago_costs_that_file_and_no_more(
    old: Made, fresh: Repository, content: bytes | None
) -> None:
    first = old.commit(FILES)
    old.commit({**FILES, b"c.md": b"c"})
    old.commit({**FILES, b"c.md": b"newer", b"a.md": b"mended"})
    damage(old, f"{first}:deep/b.md", content)
    done = salvage(old.path, fresh)
    tip = recovered(fresh)
    assert done.saved == []
    assert done.losses == [
        f"{MAIN}: nothing of it can be read whole",
        f"{MAIN}: deep/b.md of {first[:10]} cannot be read",
        f"{MAIN}: the rest of them is at {tip}",
    ]
    assert {item.path for item in fresh.tree(tip)} == {b"a.md", b"c.md"}
    assert [text(fresh, f"{tip}~{n}:a.md") for n in range(3)] == [b"mended", b"a", b"a"]
    assert text(fresh, f"{tip}:c.md") == b"newer"
    assert check(fresh, full=True) == ()


@pytest.mark.long
def test_commits_are_made_again_with_their_people_times_and_words(
    old: Made, fresh: Repository
) -> None:
    old.commit(FILES)
    damage(old, f"{MAIN}:a.md")
    salvage(old.path, fresh)
    form = ("show", "--no-patch", "--date=raw", "--format=%an %ae %ad %cn %ce %cd %B")
    assert fresh.plumb(*form, recovered(fresh)).decode().strip() == old.git(*form, MAIN)


@pytest.mark.long
def test_an_edit_that_cannot_be_read_leaves_the_file_as_it_was(
    old: Made, fresh: Repository
) -> None:
    """The remote has the first commit, and so the own branch stays at it."""
    first = old.commit(FILES)
    fresh.fetch(str(old.path))
    second = old.commit({**FILES, b"a.md": b"lost", b"deep/b.md": b"kept"})
    damage(old, f"{second}:a.md")
    done = salvage(old.path, fresh)
    assert fresh.resolve(MAIN) == first
    tip = recovered(fresh)
    assert (text(fresh, f"{tip}:a.md"), text(fresh, f"{tip}:deep/b.md")) == (b"a", b"kept")
    assert fresh.resolve(f"{tip}~") == first
    assert f"{MAIN}: a.md of {second[:10]} cannot be read" in done.losses


@pytest.mark.long
def test_a_folder_that_cannot_be_read_is_told_and_the_others_saved(
    old: Made, fresh: Repository
) -> None:
    commit = old.commit(FILES)
    damage(old, f"{commit}:deep")
    done = salvage(old.path, fresh)
    assert f"{MAIN}: deep of {commit[:10]} cannot be read" in done.losses
    assert {item.path for item in fresh.tree(recovered(fresh))} == {b"a.md"}


@pytest.mark.long
def test_a_commit_in_the_middle_that_is_lost_hides_what_is_before_and_not_what_is_after(
    old: Made, fresh: Repository
) -> None:
    first = old.commit(FILES)
    damaged = old.commit({**FILES, b"c.md": b"c"})
    old.commit({**FILES, b"c.md": b"newer"})
    damage(old, damaged)
    done = salvage(old.path, fresh)
    found = fresh.refs(RECOVERED)
    assert first in found.values(), done
    newest = next(ref for ref, commit in found.items() if commit != first)
    assert text(fresh, f"{newest}:c.md") == b"newer"


@pytest.mark.long
def test_a_broken_commit_that_no_ref_names_is_told_of_too(old: Made, fresh: Repository) -> None:
    commit = old.commit(FILES)
    damage(old, f"{commit}:a.md")
    (old.path / MAIN).write_bytes(b"")
    done = salvage(old.path, fresh)
    assert f"{RECOVERED}{commit}: a.md of {commit[:10]} cannot be read" in done.losses
    assert {item.path for item in fresh.tree(recovered(fresh))} == {b"deep/b.md"}


@pytest.mark.long
def test_so_many_lost_files_are_counted(old: Made, fresh: Repository) -> None:
    many = {b"%03d.md" % n: b"%d" % n for n in range(TOLD + 5)}
    old.commit({**many, b"kept.md": b"kept"})
    for name in many:
        damage(old, f"{MAIN}:{name.decode()}")
    done = salvage(old.path, fresh)
    assert f"{MAIN}: and 5 more files" in done.losses
    assert len([each for each in done.losses if "cannot be read" in each]) == TOLD


def test_a_whole_clone_is_saved_as_it_is(old: Made, fresh: Repository) -> None:
    commit = old.commit(FILES)
    shutil.copytree(old.path, old.path.with_name("copy.git"))
    assert salvage(old.path, fresh) == Salvage(saved=[MAIN])
    assert fresh.refs("refs/") == {MAIN: commit}


@pytest.mark.parametrize(("code", "sure"), [("git.killed", False), ("git.damaged", True)])
def test_a_git_that_was_killed_is_no_proof_of_damage(code: str, sure: bool) -> None:
    tries = []

    def read() -> str:
        tries.append(1)
        raise GitFault(code, "x", "y")

    if sure:
        assert readable(read) is None
    else:
        with pytest.raises(GitFault):
            readable(read)
    assert len(tries) == TRIES
