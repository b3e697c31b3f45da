from pathlib import Path

import pytest

from apps.gitsync.git.commits import Author, commit_files
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.demo import REF, demo_repository
from tests.sites import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "demo", {"config.toml": "x", "content/a b.md": "é", "media/x.bin": "y"})
    return tmp_path / "demo"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def demo(folder: Path, state: Path) -> tuple[str, list[str]]:
    """The demo's commit and the names in it."""
    repository = Repository(Path(demo_repository(folder, state)))
    commit = repository.resolve(REF)
    assert commit is not None
    return commit, [item.path.decode() for item in repository.tree(commit)]


def test_the_files_of_the_folder_are_committed(folder: Path, tmp_path: Path) -> None:
    assert demo(folder, tmp_path)[1] == ["config.toml", "content/a b.md", "media/x.bin"]


def test_the_same_files_are_the_same_commit_everywhere(folder: Path, tmp_path: Path) -> None:
    assert demo(folder, tmp_path / "one") == demo(folder, tmp_path / "two")
    assert demo(folder, tmp_path / "one") == demo(folder, tmp_path / "one")


def test_a_change_of_the_files_is_a_commit_on_top(folder: Path, tmp_path: Path) -> None:
    first, _ = demo(folder, tmp_path)
    (folder / "media" / "x.bin").unlink()
    write(folder, {"content/new.md": "x"})
    second, names = demo(folder, tmp_path)
    assert names == ["config.toml", "content/a b.md", "content/new.md"]
    assert Repository(tmp_path / "demo.git").is_first_parent_ancestor(first, second)


def test_hidden_files_and_folders_stay_out(folder: Path, tmp_path: Path) -> None:
    write(folder, {".DS_Store": "x", "content/.a.swp": "x", ".cache/y": "x", "content/.b/z": "x"})
    assert demo(folder, tmp_path)[1] == ["config.toml", "content/a b.md", "media/x.bin"]


def test_the_bundled_demo_can_be_committed(tmp_path: Path) -> None:
    _, names = demo(ROOT / "whispercms" / "demo", tmp_path)
    assert "config.toml" in names


def test_who_published_to_the_demo_keeps_what_was_published(folder: Path, tmp_path: Path) -> None:
    demo(folder, tmp_path)
    ada = Author("Ada", "ada@example.org", "1700000000 +0000")
    repository = Repository(tmp_path / "demo.git")
    theirs = commit_files(repository, REF, {"mine.md": b"x"}, message="Mine\n", author=ada)
    write(folder, {"content/new.md": "x"})
    assert demo(folder, tmp_path)[0] == theirs
