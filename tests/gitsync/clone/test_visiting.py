"""An extension is read out of a foreign repository: one commit of it, bounded, and nothing runs."""

from pathlib import Path

import pytest

from apps.extensions import limits
from apps.gitsync.clone import visiting
from apps.gitsync.clone.visiting import is_remote, visited, without_password
from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import Access
from tests.delivery.extending import plugin
from tests.sites import SiteRepository

ACCESS = Access()
TOP = {path.removeprefix("plugins/toc/"): text for path, text in plugin("toc", "").items()}


@pytest.fixture
def there(tmp_path: Path) -> SiteRepository:
    return SiteRepository(tmp_path / "another-name.git")


def code(remote: str, wanted: str | None = None, folder: str = "") -> str:
    with pytest.raises(GitFault) as caught:
        visited(remote, wanted, folder, ACCESS)
    return caught.value.code


def test_it_is_called_what_it_calls_itself(there: SiteRepository) -> None:
    commit = there.commit({**TOP, ".gitignore": "x", "tests/cases.toml": ""})
    files, found, problems = visited(there.path, None, "", ACCESS)
    assert (files.key, found, problems) == ("plugin:toc", commit, [])
    assert set(files.files) == {"plugin.toml", "main.lua", "tests/cases.toml"}


@pytest.mark.long
def test_a_commit_before_and_a_folder_are_found(there: SiteRepository) -> None:
    first = there.commit({f"sub/{path}": text for path, text in TOP.items()})
    there.commit({"sub/main.lua": "-- newer\n"})
    assert b"newer" in visited(there.path, None, "sub/", ACCESS)[0].files["main.lua"]
    files, commit, _ = visited(there.path, first, "sub", ACCESS)
    assert commit == first and b"newer" not in files.files["main.lua"]
    assert visited(there.path, "main", "sub", ACCESS)[0].digest() != files.digest()
    assert code(there.path) == "extension.missing"


def test_what_is_no_file_is_told(there: SiteRepository) -> None:
    there.commit(TOP)
    tip = there.git.resolve("refs/heads/main") or ""
    link = ("120000", there.git.write_blob(b"/etc/passwd"), "main2.lua")
    items = [(i.mode, i.blob, i.path.decode()) for i in there.git.tree(tip)]
    tree = there.git.write_tree([*items, link, ("160000", tip, "vendored")])
    author = {f"GIT_{role}_NAME": "a" for role in ("AUTHOR", "COMMITTER")}
    author |= {f"GIT_{role}_EMAIL": "a@b" for role in ("AUTHOR", "COMMITTER")}
    there.git.set("refs/heads/main", there.git.write_commit(tree, [tip], "bad", author))
    files, _, problems = visited(there.path, None, "", ACCESS)
    assert [(each.path, each.code) for each in problems] == [
        ("main2.lua", "path.link"),
        ("vendored", "path.submodule"),
    ]
    assert "main2.lua" not in files.files


@pytest.mark.long
def test_its_size_is_bounded(there: SiteRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    there.commit(TOP)
    total = sum(len(str(text)) for text in TOP.values())
    monkeypatch.setattr(limits, "EXTENSION_BYTES", total)
    assert visited(there.path, None, "", ACCESS)[0].id == "toc"
    monkeypatch.setattr(limits, "EXTENSION_BYTES", total - 1)
    assert code(there.path) == "commit.size"
    monkeypatch.setattr(limits, "EXTENSION_BYTES", total)
    monkeypatch.setattr(limits, "FILES", len(TOP))
    assert visited(there.path, None, "", ACCESS)[0].id == "toc"
    monkeypatch.setattr(limits, "FILES", len(TOP) - 1)
    assert code(there.path) == "commit.size"


@pytest.mark.long
def test_what_git_writes_for_it_is_bounded(
    there: SiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = b"".join(hash((7, n)).to_bytes(8, "big", signed=True) for n in range(40_000))
    there.commit({**TOP, "noise.bin": noise})
    assert visited(there.path, None, "", ACCESS)[0].id == "toc"
    monkeypatch.setattr(visiting, "FETCHED_BYTES", 64 * 1024)
    assert code(there.path)


@pytest.mark.parametrize(
    "remote", ["ext::sh -c 'touch {}/ran'", "fd::17,18/x", "-oProxyCommand=x:y", "http://a.b/c"]
)
def test_nothing_but_known_protocols_is_asked(remote: str, tmp_path: Path) -> None:
    assert not is_remote(remote)
    assert code(remote.format(tmp_path)) == "remote.form"
    assert not (tmp_path / "ran").exists()


def test_a_name_that_git_could_take_for_something_else_is_refused(there: SiteRepository) -> None:
    there.commit(TOP)
    for wanted in ("--upload-pack=x", "a:b", "main^{tree}", "../x", "-"):
        assert code(there.path, wanted) == "branch.form"
    assert code(there.path, "nosuch").startswith(("branch.", "remote.", "git."))


@pytest.mark.long
def test_hooks_and_settings_of_the_other_side_do_nothing(
    there: SiteRepository, tmp_path: Path
) -> None:
    there.commit({**TOP, ".gitmodules": "[submodule 'x']\npath = x\nurl = ext::sh\n"})
    ran = tmp_path / "ran"
    hooks = Path(there.path) / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-merge", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (hooks / name).chmod(0o755)
    assert visited(there.path, None, "", ACCESS)[0].id == "toc"
    assert not ran.exists()


def test_a_password_is_not_written_down() -> None:
    assert without_password("https://ada:pw@e.org/toc.git") == "https://e.org/toc.git"
    assert without_password("https://e.org/a@b.git") == "https://e.org/a@b.git"
    assert without_password("git@e.org:toc.git") == "git@e.org:toc.git"
