from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import files_at, tree_with
from tests.gitsync.repositories import FILE, LINK, NOWHERE, SUBMODULE, At, Made

PATHS = st.sampled_from(["a", "b/c", "b/d e", "b/f/g", "é.md", "-x", "q/ü"])
FILES = st.dictionaries(PATHS, st.none() | st.binary(max_size=3), max_size=4)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


def written(here: Repository, files: dict[str, bytes | None]) -> dict[str, tuple[str, str] | None]:
    return {p: None if c is None else (FILE, here.write_blob(c)) for p, c in files.items()}


@settings(max_examples=8, deadline=None)
@given(st.lists(FILES, min_size=1, max_size=2))
def test_a_tree_is_what_git_itself_makes_of_the_files(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, bytes | None]]
) -> None:
    made = Made(tmp_path_factory.mktemp("git") / "x.git")
    here, tree = Repository(made.path), None
    present: dict[str, bytes] = {}
    for files in changes:
        tree = tree_with(here, tree, written(here, files))
        present = {k: v for k, v in {**present, **files}.items() if v is not None}
    assert tree == made.tree({path.encode(): content for path, content in present.items()})


def test_what_is_not_named_stays_whatever_it_is(made: Made) -> None:
    odd: dict[bytes, bytes | At] = {
        b"run": At("100755", b"#!"),
        b"link": At(LINK, b"run"),
        b"odd\xff\nname": b"1",
    }
    commit = made.commit({**odd, b"d/theirs": At(SUBMODULE, NOWHERE)})
    here = Repository(made.path)
    tree = tree_with(here, f"{commit}^{{tree}}", written(here, {"d/new": b"2"}))
    new = made.tree({**odd, b"d/theirs": At(SUBMODULE, NOWHERE), b"d/new": b"2"})
    assert tree == new
    assert files_at(here, commit, ["run", "d", "none"]).keys() == {"run", "d"}


@pytest.mark.parametrize(
    "path", [".git/config", "a/.GiT/x", "a/git~1/x", ".g\u200cit/x", "a/.git /x"]
)
def test_a_name_that_another_system_takes_for_git_s_own_is_refused(made: Made, path: str) -> None:
    here = Repository(made.path)
    with pytest.raises(GitFault) as caught:
        tree_with(here, None, written(here, {path: b"1"}))
    assert caught.value.code == "path.form"
