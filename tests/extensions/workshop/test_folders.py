"""A folder on a disk is read as a commit of it would be."""

from pathlib import Path

import pytest

from apps.extensions import limits
from apps.extensions.workshop.folders import NoExtension, read_folder
from tests.extensions.workshop.stage import add, made


def codes(folder: Path) -> list[str]:
    return [problem.code for problem in read_folder(folder)[1]]


def test_its_files_are_those_that_a_commit_would_have(tmp_path: Path) -> None:
    folder = made(tmp_path)
    add(folder, ".hidden", "x")
    add(folder, ".cache/x", "x")
    files, problems = read_folder(folder)
    assert (files.kind, files.id, files.folder) == ("plugin", "tried", "plugins/tried")
    assert sorted(files.files) == ["main.lua", "plugin.toml", "tests/cases.toml"]
    assert problems == []


@pytest.mark.parametrize(("names", "words"), [((), "neither"), (("plugin", "theme"), "both")])
def test_it_has_one_manifest(tmp_path: Path, names: tuple[str, ...], words: str) -> None:
    for name in names:
        (tmp_path / f"{name}.toml").touch()
    with pytest.raises(NoExtension, match=words):
        read_folder(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoExtension, match="there is no folder"):
        read_folder(tmp_path / "nowhere")


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "passwords").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    files, problems = read_folder(folder)
    assert [(p.path, p.code) for p in problems] == [
        ("plugins/tried/etc", "path.link"),
        ("plugins/tried/passwords", "path.link"),
    ]
    assert "passwords" not in files.files


@pytest.mark.parametrize(("size", "expected"), [(0, []), (1, ["document.too-large"])])
def test_a_file_is_bounded(tmp_path: Path, size: int, expected: list[str]) -> None:
    folder = made(tmp_path, "theme")
    (folder / "assets" / "large.bin").write_bytes(b"x" * (limits.FILE_BYTES + size))
    assert codes(folder) == expected


@pytest.mark.parametrize(("more", "expected"), [(0, []), (1, ["folder.many"])])
def test_there_are_not_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, expected: list[str]
) -> None:
    folder = made(tmp_path)
    monkeypatch.setattr(limits, "FILES", 3)
    for number in range(more):
        add(folder, f"more-{number}", "x")
    assert codes(folder) == expected
