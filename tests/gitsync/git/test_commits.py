from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import Author, commit_files, write_blobs
from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import LINK, NOWHERE, PROGRAM, SUBMODULE, At, Made

MAIN = "refs/heads/main"
ADA = Author("Ada Lovelace", "ada@example.org", "1577836800 +0100")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


@pytest.fixture
def here(made: Made) -> Repository:
    return Repository(made.path)


def commit(
    here: Repository,
    files: Mapping[str, bytes | None],
    *,
    message: str = "Edit\n",
    author: Author = ADA,
) -> str:
    return commit_files(here, MAIN, files, message=message, author=author)


def contents(here: Repository, at: str = MAIN) -> dict[bytes, bytes]:
    items = here.tree(at)
    blobs = dict(here.read([item.blob for item in items]))
    return {item.path: blobs[item.blob] for item in items}


def test_a_first_commit_has_no_parent(made: Made, here: Repository) -> None:
    first = commit(here, {"a": b"1", "b/c d.md": "é".encode()})
    assert contents(here) == {b"a": b"1", b"b/c d.md": "é".encode()}
    assert made.git("rev-list", "--parents", "main") == first


def test_a_commit_adds_edits_and_removes_on_top_of_its_ref(made: Made, here: Repository) -> None:
    first = commit(here, {"edit": b"1", "gone": b"2", "same": b"3"})
    second = commit(here, {"edit": b"x", "gone": None, "new": b"4", "never": None})
    assert contents(here) == {b"edit": b"x", b"new": b"4", b"same": b"3"}
    assert made.git("rev-list", "--parents", "main").splitlines()[0] == f"{second} {first}"


def test_the_same_tree_makes_no_commit(here: Repository) -> None:
    first = commit(here, {"a": b"1"})
    assert commit(here, {"a": b"1"}) == first
    assert commit(here, {}) == first
    assert commit(here, {"b": None}) == first
    assert here.resolve(MAIN) == first


def test_the_same_bytes_make_the_same_commit_anywhere(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        repository = Repository(tmp_path / name)
        repository.create()
        commit(repository, {"a": b"1", "b": b"2"})
        made.append(commit(repository, {"b": None, "c": b"3"}))
    assert made[0] == made[1]


def test_who_wrote_it_and_when_is_what_was_said(
    made: Made, here: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1000000000 +0000")
    commit(here, {"a": b"1"}, message="Say é\n\nWith a body\n")
    shown = made.git("log", "-1", "--format=%an|%ae|%ad|%cn|%ce|%cd|%B", "--date=raw", "main")
    who = "Ada Lovelace|ada@example.org|1577836800 +0100"
    assert shown == f"{who}|{who}|Say é\n\nWith a body"


def test_a_ref_that_moved_meanwhile_is_left_alone(
    made: Made, here: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else pushes between the reading of the ref and its moving."""
    first = commit(here, {"a": b"1"})
    theirs = made.commit({b"a": b"theirs"}, branch="theirs", parents=[first])
    write = Repository.write_commit

    def slow(self: Repository, *arguments: object) -> str:
        made.git("update-ref", MAIN, theirs)
        return write(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Repository, "write_commit", slow)
    with pytest.raises(RefMoved) as caught:
        commit(here, {"a": b"ours"})
    assert MAIN in caught.value.reason
    assert contents(here) == {b"a": b"theirs"}


def test_a_commit_is_not_made_on_a_branch_that_appeared_meanwhile(
    made: Made, here: Repository
) -> None:
    theirs = made.commit({b"a": b"theirs"})
    with pytest.raises(RefMoved):
        here.move(MAIN, theirs, None)


def test_modes_and_names_of_what_stays_stay(made: Made, here: Repository) -> None:
    made.commit(
        {
            b"run": At(PROGRAM, b"#!"),
            b"link": At(LINK, b"run"),
            b"theirs": At(SUBMODULE, NOWHERE),
            b"odd\xff\nname": b"1",
            "Ü/日".encode(): b"2",
        }
    )
    before = {item.path: item for item in here.tree(MAIN)}
    commit(here, {"new": b"3"})
    after = {item.path: item for item in here.tree(MAIN)}
    assert after.pop(b"new").mode == "100644"
    assert after == before


def test_an_edited_program_stays_a_program(made: Made, here: Repository) -> None:
    made.commit({b"run": At(PROGRAM, b"#!")})
    commit(here, {"run": b"#! new"})
    assert [item.mode for item in here.tree(MAIN)] == [PROGRAM]


def test_a_link_that_is_written_to_becomes_a_file(made: Made, here: Repository) -> None:
    made.commit({b"link": At(LINK, b"/etc/passwd")})
    commit(here, {"link": b"x"})
    assert [item.mode for item in here.tree(MAIN)] == ["100644"]


def test_a_file_may_become_a_folder_and_a_folder_a_file(here: Repository) -> None:
    commit(here, {"a": b"1", "b/c": b"2"})
    commit(here, {"a": None, "a/x": b"3", "b/c": None, "b": b"4"})
    assert contents(here) == {b"a/x": b"3", b"b": b"4"}


@pytest.mark.parametrize(
    "path", ["", "/x", "../x", "a/../x", "./x", "a//x", ".git/config", "a/.GIT/x", "x\0y", "x/"]
)
def test_a_path_that_no_tree_can_hold_is_a_fault_and_changes_nothing(
    here: Repository, path: str
) -> None:
    first = commit(here, {"a": b"1"})
    with pytest.raises(GitFault):
        commit(here, {"b": b"2", path: b"x"})
    assert here.resolve(MAIN) == first


FILES = st.dictionaries(
    st.sampled_from(["a", "b/c", "b/d e", "é.md", "-x", "q\nr"]), st.none() | st.binary(max_size=9)
)


@settings(max_examples=15, deadline=None)
@given(st.lists(FILES, min_size=1, max_size=3))
def test_the_branch_holds_what_the_commits_say(
    tmp_path_factory: pytest.TempPathFactory, commits: list[dict[str, bytes | None]]
) -> None:
    here = Repository(tmp_path_factory.mktemp("git") / "x.git")
    here.create()
    present: dict[str, bytes] = {}
    for files in commits:
        commit(here, files)
        merged = {**present, **files}
        present = {path: content for path, content in merged.items() if content is not None}
    assert contents(here) == {path.encode(): content for path, content in present.items()}


def test_many_blobs_are_written_as_one_by_one(here: Repository) -> None:
    files = {"a": b"", "b": b"x\r\ny\r\n", "c": b"\0\xff", "d": b"same", "e": b"same"}
    found = write_blobs(here, files)
    assert found == {path: here.write_blob(content) for path, content in files.items()}
    assert write_blobs(here, {}) == {}
    assert write_blobs(here, {"a": b"alone"}) == {"a": here.write_blob(b"alone")}
