"""Nothing of a user, a remote or a repository becomes an option, a protocol, a hook, a filter or a
configuration of Git."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.clone.integrity import CONFIG
from apps.gitsync.clone.remote import fetch, target
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED
from apps.gitsync.source import SiteSource
from tests.gitsync.repositories import NOWHERE, SUBMODULE, At, Made
from tests.sites import CONFIG as SITE
from tests.sites import Site, SiteRepository

GOOD = {b"config.toml": SITE.encode(), b"content/good.md": b"# Good\n"}


@pytest.fixture
def made(repository: SiteRepository) -> Made:
    return Made(repository.git.path)


@pytest.fixture
def source(made: Made, tmp_path: Path) -> SiteSource:
    folder = tmp_path / "node"
    return SiteSource(remote=str(made.path), branch=None, folder=folder, asset_bytes=1)


def program(folder: Path) -> tuple[Path, Path]:
    """A program that leaves a file when it is run, and that file."""
    path, ran = folder / "program", folder / "ran"
    path.write_text(f"#!/bin/sh\necho $0 >> {ran}\ncat\n")
    path.chmod(0o755)
    return path, ran


def test_programs_that_files_of_a_commit_name_are_not_run(
    made: Made, site: Site, tmp_path: Path
) -> None:
    path, ran = program(tmp_path)
    made.commit(
        {
            **GOOD,
            b".gitattributes": b"* filter=x diff=x merge=x text eol=crlf ident\n",
            b"content/.gitattributes": b"*.md filter=x working-tree-encoding=UTF-16\n",
            b".gitmodules": MODULES.format(path).encode(),
            b"x": At(SUBMODULE, NOWHERE),
            b".gitconfig": f"[core]\nfsmonitor = {path}\n".encode(),
            b"content/ident.md": b"# $Id$\n",
        }
    )
    report = site.sync()
    assert report.state == APPLIED
    assert "$Id$" in site.text("/ident/")
    assert not ran.exists()


@pytest.mark.long
def test_names_that_begin_with_a_dash_are_only_names(made: Made, site: Site) -> None:
    names = (b"--help.md", b"-c core.pager=x.md", b"--upload-pack=touch ran.md", b"@{u}.md")
    first = {b"content/" + name: b"# Dash\n" for name in names}
    made.commit({**GOOD, **first})
    before = site.sync()
    assert before.state == APPLIED
    assert before.parsed == len(names) + 1
    made.commit({**GOOD, **dict.fromkeys(first, b"# Dash, edited\n")})
    assert site.sync().changed == len(names)


KEYS = ("fsmonitor", "sshCommand", "pager", "editor", "askPass", "gitProxy", "alternateRefsCommand")
MODULES = """\
[submodule "x"]
path = x
url = ext::{0}
update = !{0}
"""
HOSTILE_REFS = [
    "refs/heads/-x",
    "refs/heads/--upload-pack=touch",
    "refs/heads/$(touch${IFS}ran)",
    "refs/heads/`touch${IFS}ran`;x",
    "refs/heads/a'b\"c",
    "refs/heads/\udcff\udcfe",
    "refs/heads/refs/heads/main",
    "refs/heads/origin/HEAD",
    "refs/heads/HEAD",
    "refs/heads/" + "x" * 180,
]


def test_branches_of_a_remote_may_be_called_as_they_like(made: Made, source: SiteSource) -> None:
    good = made.commit(GOOD)
    other = made.commit({b"other": b"1"}, branch="other", parents=[])
    packed = "".join(f"{other} {ref}\n" for ref in sorted(HOSTILE_REFS))
    (made.path / "packed-refs").write_bytes(os.fsencode(packed))
    clone = Repository(source.repository)
    for _ in range(4):
        fetch(clone, source)
        assert target(clone, source).commit == good
    kept = clone.refs("refs/")
    assert all(ref.startswith(("refs/remotes/origin/", "refs/whispercms/")) for ref in kept)
    assert not (clone.path / "ran").exists()


@pytest.mark.long
def test_other_refs_of_a_remote_stay_there(made: Made, source: SiteSource) -> None:
    """Among them those that would change what every object is."""
    good = made.commit(GOOD)
    evil = made.commit({b"config.toml": b"evil"}, branch="evil", parents=[])
    theirs = ("heads/main", "drafts/ada/1", "served/main", "followed/main", "conflicts/1")
    for ref in (f"replace/{good}", "stash", "tags/main", *(f"whispercms/{r}" for r in theirs)):
        made.git("update-ref", f"refs/{ref}", evil)
    clone = Repository(source.repository)
    fetch(clone, source)
    assert set(clone.refs("refs/")) <= {
        *("refs/remotes/origin/main", "refs/remotes/origin/evil", "refs/remotes/origin/HEAD")
    }


def test_replace_refs_and_grafts_in_the_clone_do_not_count(made: Made, source: SiteSource) -> None:
    first = made.commit(GOOD)
    second = made.commit({**GOOD, b"content/two.md": b"# Two\n"})
    evil = made.commit({b"evil": b"1"}, branch="evil", parents=[])
    clone = Repository(source.repository)
    fetch(clone, source)
    clone.set(f"refs/replace/{second}", evil)
    (clone.path / "info").mkdir(exist_ok=True)
    (clone.path / "info" / "grafts").write_text(f"{second} {evil}\n")
    assert {item.path for item in clone.tree(second)} == {*GOOD, b"content/two.md"}
    assert clone.is_ancestor(first, second)
    assert not clone.is_ancestor(evil, second)


def test_a_configuration_inside_the_clone_is_put_back_before_it_counts(
    made: Made, source: SiteSource, tmp_path: Path
) -> None:
    path, ran = program(tmp_path)
    good = made.commit(GOOD)
    clone = Repository(source.repository)
    fetch(clone, source)
    settings = {
        "core.sshCommand": f"{path}",
        "core.fsmonitor": f"{path}",
        "core.pager": f"{path}",
        "core.alternateRefsCommand": f"{path}",
        "core.hooksPath": f"{tmp_path}",
        "uploadpack.packObjectsHook": f"{path}",
        "diff.external": f"{path}",
        "credential.helper": f"!{path}",
        "gpg.program": f"{path}",
        "log.showSignature": "true",
        f"url.ext::{path}.insteadOf": str(made.path),
        "protocol.ext.allow": "always",
        "include.path": str(tmp_path / "other"),
        "remote.origin.url": f"ext::{path}",
        "transfer.hideRefs": "refs/heads",
    }
    config = Made(source.repository)
    for name, value in settings.items():
        config.git("config", name, value)
    newer = made.commit({**GOOD, b"content/two.md": b"# Two\n"})
    fetch(clone, source)
    assert target(clone, source).commit == newer
    assert clone.is_ancestor(good, newer)
    assert (clone.path / "config").read_text() == CONFIG
    assert not ran.exists()


@pytest.mark.long
def test_hooks_in_the_clone_are_not_run(made: Made, source: SiteSource, tmp_path: Path) -> None:
    path, ran = program(tmp_path)
    made.commit(GOOD)
    clone = Repository(source.repository)
    fetch(clone, source)
    hooks = clone.path / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-update", "pre-auto-gc", "pre-push", "post-commit"):
        (hooks / name).symlink_to(path)
    newer = made.commit({**GOOD, b"content/two.md": b"# Two\n"})
    fetch(clone, source)
    clone.set("refs/heads/x", newer)
    assert not ran.exists()


@pytest.mark.long
@pytest.mark.parametrize("bare", [True, False])
def test_a_fetch_runs_nothing_that_the_remote_s_own_folder_names(
    made: Made, source: SiteSource, tmp_path: Path, bare: bool
) -> None:
    """A folder of this machine that others may write into."""
    path, ran = program(tmp_path)
    made.commit(GOOD)
    remote = made.path if bare else tmp_path / "work"
    if not bare:
        made.git("clone", "--quiet", str(made.path), str(remote))
    folder = remote if bare else remote / ".git"
    included = tmp_path / "included"
    included.write_text(f"[uploadpack]\npackObjectsHook = {path}\n")
    lines = [f"\tpackObjectsHook = {path}", "[core]", *(f"\t{name} = {path}" for name in KEYS)]
    with (folder / "config").open("a") as file:
        file.write("\n".join(["[uploadpack]", *lines, "[include]", f"\tpath = {included}", ""]))
    for name in ("pre-upload", "post-checkout", "reference-transaction", "pre-auto-gc"):
        (folder / "hooks").mkdir(exist_ok=True)
        (folder / "hooks" / name).symlink_to(path)
    for each in (replace(source, remote=str(remote)), replace(source, remote=f"file://{remote}")):
        fetch(Repository(each.repository), each)
    assert not ran.exists()


@pytest.mark.long
def test_objects_that_the_remote_borrows_become_our_own(
    made: Made, source: SiteSource, tmp_path: Path
) -> None:
    good = made.commit(GOOD)
    borrower = Made(tmp_path / "borrower.git")
    (borrower.path / "objects" / "info").mkdir(exist_ok=True)
    (borrower.path / "objects" / "info" / "alternates").write_text(f"{made.path}/objects\n")
    borrower.git("update-ref", "refs/heads/main", good)
    clone = Repository(source.repository)
    clone.create()
    clone.fetch(str(borrower.path))
    made.path.rename(tmp_path / "gone.git")
    assert {item.path for item in clone.tree(good)} == set(GOOD)
    assert not (clone.path / "objects" / "info" / "alternates").exists()


@pytest.mark.parametrize(
    "remote", ["ext::sh -c 'touch {}/ran'", "fd::17,18/x", "testgit::x", "::x", "ext:://x"]
)
def test_a_protocol_that_runs_programs_is_refused_by_git_as_well(
    source: SiteSource, tmp_path: Path, remote: str
) -> None:
    """Whoever asked without looking at the remote first."""
    clone = Repository(source.repository)
    clone.create()
    with pytest.raises(GitFault):
        clone.fetch(remote.format(tmp_path))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["-x", "--all", "-h", "--output=ran", "--git-dir=x"])
def test_a_commit_or_ref_that_looks_like_an_option_is_none(
    made: Made, source: SiteSource, tmp_path: Path, name: str
) -> None:
    made.commit(GOOD)
    clone = Repository(source.repository)
    fetch(clone, source)
    assert clone.resolve(name) is None
    assert not list(tmp_path.rglob("ran"))
