"""How many programs a sync starts does not depend on how large the site is, and is small."""

import os
import shutil
from pathlib import Path

import pytest

from apps.gitsync.report import APPLIED, UNCHANGED
from tests.sites import CONFIG, Site, SiteRepository

DATED = "---\ntitle: One\ndate: 2020-01-01\n---\n\n"


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each start of Git by us leaves a line with its arguments; Git's own children none."""
    folder, log = tmp_path / "bin", tmp_path / "started"
    folder.mkdir()
    log.touch()
    program = folder / "git"
    program.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


def commands(log: Path) -> list[str]:
    """What was started since the last time, but for what serves the remote."""
    known = ("fetch", "upload-pack", "cat-file", "diff-tree", "for-each-ref", "update-ref")
    lines = log.read_text().splitlines()
    log.write_text("")
    found = [next((each for each in known if f" {each} " in f" {line} "), line) for line in lines]
    return sorted(command for command in found if command != "upload-pack")


@pytest.mark.parametrize("text", [DATED, "# One\n\n"], ids=["dated", "dated by git"])
def test_a_commit_of_one_file_starts_five_programs(
    repository: SiteRepository, site: Site, started: Path, text: str
) -> None:
    many = {f"content/{n}.md": f"{text}{n}\n" for n in range(20)}
    repository.commit({"config.toml": CONFIG, **many})
    site.sync()
    for change in ({"content/3.md": f"{text}New.\n"}, {"content/new.md": text}):
        repository.commit(change)
        commands(started)
        assert site.sync().state == APPLIED
        assert commands(started) == ["cat-file", "diff-tree", "fetch", "for-each-ref", "update-ref"]


def test_nothing_new_starts_three(repository: SiteRepository, site: Site, started: Path) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": DATED})
    site.sync()
    commands(started)
    assert site.sync().state == UNCHANGED
    assert commands(started) == ["cat-file", "fetch", "for-each-ref"]
