"""Remotes that cannot be served: each is told with a remedy, and what was served is served on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.report import APPLIED, REFUSED
from apps.runtime.workers import Workers
from tests.bad_files import PAGE
from tests.gitsync.repositories import NOWHERE, SUBMODULE, At, Made
from tests.serving import serving
from tests.sites import Site


@pytest.fixture
def remote(tmp_path: Path) -> Made:
    return Made(tmp_path / "remote.git")


@pytest.fixture
def node(remote: Made, workers: Workers, renderer: Renderer) -> Iterator[Site]:
    found = serving(remote, workers, renderer)
    yield found
    found.stop()


def fault_of(node: Site) -> GitFault:
    with pytest.raises(GitFault) as caught:
        node.sync()
    assert caught.value.remedy and caught.value.reason
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/nowhere/at/all", "remote.unknown"),
        ("file:///nowhere/at/all", "remote.unknown"),
        ("relative/path", "remote.form"),
        ("ext::sh -c 'touch /tmp/pwned'", "remote.form"),
        ("--upload-pack=touch /tmp/pwned", "remote.form"),
        ("http://example.org/site.git", "remote.form"),
        ("ssh://-oProxyCommand=touch/site.git", "remote.form"),
    ],
)
def test_an_unknown_one(node: Site, text: str, code: str) -> None:
    node.source = replace(node.source, remote=text)
    fault = fault_of(node)
    assert isinstance(fault, RemoteFault)
    assert fault.code == code
    assert "WHISPERCMS_REMOTE" in fault.remedy


def test_an_empty_one(node: Site) -> None:
    assert fault_of(node).code == "remote.empty"


def test_one_without_the_branch(remote: Made, node: Site) -> None:
    remote.commit({b"one.md": PAGE})
    node.source = replace(node.source, branch="nosuch")
    fault = fault_of(node)
    assert fault.code == "branch.unknown" and "nosuch" in fault.reason


@pytest.mark.parametrize("name", ["--help", "a..b", "a\nb", "a b", "../x", "x.lock", "@{u}"])
def test_one_with_a_branch_that_is_none(remote: Made, node: Site, name: str) -> None:
    remote.commit({b"one.md": PAGE})
    node.source = replace(node.source, branch=name)
    assert fault_of(node).code in ("branch.form", "branch.unknown")


def test_a_detached_head_needs_a_branch_to_be_named(remote: Made, node: Site) -> None:
    commit = remote.commit({b"one.md": PAGE})
    remote.git("update-ref", "--no-deref", "HEAD", commit)
    fault = fault_of(node)
    assert fault.code == "remote.detached" and "WHISPERCMS_BRANCH" in fault.remedy
    node.source = replace(node.source, branch="main")
    assert node.sync().state == APPLIED


def test_a_head_that_is_detached_later_changes_nothing(remote: Made, node: Site) -> None:
    remote.commit({b"one.md": PAGE})
    assert node.sync().branch == "main"
    remote.git("update-ref", "--no-deref", "HEAD", remote.tip())
    remote.commit({b"one.md": b"# Two\n"})
    assert (node.sync().state, node.sync().branch) == (APPLIED, "main")
    assert "Two</h1>" in node.text("/one/")


def test_a_shallow_one(remote: Made, node: Site, tmp_path: Path) -> None:
    remote.commit({b"one.md": PAGE})
    remote.commit({b"one.md": b"# Two\n"})
    shallow = tmp_path / "shallow.git"
    url = f"file://{remote.path}"
    remote.git("clone", "--quiet", "--bare", "--depth=1", url, str(shallow))
    node.source = replace(node.source, remote=str(shallow))
    assert fault_of(node).code == "remote.shallow"


def test_a_damaged_one_leaves_what_is_served(remote: Made, node: Site) -> None:
    remote.commit({b"one.md": PAGE})
    node.sync()
    commit = remote.commit({b"one.md": b"# Two\n"})
    (remote.path / "objects" / commit[:2] / commit[2:]).unlink()
    assert fault_of(node).code.startswith(("remote.", "git."))
    assert "A page</h1>" in node.text("/one/")


def test_one_that_is_no_site(remote: Made, node: Site) -> None:
    remote.commit({b"main.c": b"int main() {}", b"docs": At(SUBMODULE, NOWHERE)})
    report = node.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "site.no-layout")
