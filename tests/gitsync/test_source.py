import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.source import SiteSource, checked_branch, checked_remote
from tests.tables import each_of


@each_of(
    "remote",
    [
        "/srv/site.git",
        "/srv/a site; rm -rf.git",
        "https://example.org/site.git",
        "https://user:secret@example.org:8443/site.git",
        "ssh://git@example.org:22/site.git",
        "git@example.org:team/site.git",
        "ssh://git@[::1]:2222/site.git",
        "ssh://example.org/~ada/a%20site.git",
        "https://example.org",
        "https://user:a%2Fb#c@example.org/site.git?x=1",
        "file:///srv/site.git",
    ],
)
def test_a_remote_is_an_absolute_path_or_a_url(remote: str) -> None:
    assert checked_remote(remote) == remote


@each_of(
    "remote",
    [
        "",
        "-oProxyCommand=x",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c touch% /tmp/x",
        "fd::17",
        "http://example.org/site.git",
        "git://example.org/site.git",
        "file://host/site.git",
        "site.git",
        "../site.git",
        "https://example.org/a b",
        "https://example.org/\nx",
        "/srv/a\nb",
        "/srv/a\0b",
        "git@example.org:a b",
        "-x@example.org:a",
        "git@example.org:-x",
        "ssh://-oProxyCommand=x/a",
        "ssh://git@-oProxyCommand=x/a",
        "ssh://[-oProxyCommand=x]/a",
        "ssh://git@[-oProxyCommand=x]/a",
        "ssh://git@%2doProxyCommand=x/a",
        "ssh://git@example.org:-x/a",
        "ssh://git@example.org%20-x/a",
        "ssh://git@example.org%00/a",
        "https://user:a%0ab@example.org/a",
        "https://example.org/%0D%0Aa",
        "https://example.org/a\x7f",
        "https://a\x1b@example.org/a",
        "/srv/a\rb",
        "/srv/a\x1b[2Jb",
    ],
)
def test_anything_else_is_refused_with_a_remedy(remote: str) -> None:
    with pytest.raises(RemoteFault) as caught:
        checked_remote(remote)
    assert caught.value.code == "remote.form"
    assert "WHISPERCMS_REMOTE" in caught.value.remedy


@pytest.mark.parametrize("name", ["main", "release/1.0", "a_b-c+d", "Überblick", "x" * 200])
def test_a_branch_has_a_name_that_git_takes(name: str) -> None:
    assert checked_branch(name) == name


@each_of(
    "name",
    [
        *("", "HEAD", "-x", ".x", "/x", "x/", "x.", "x.lock", "x.lock/y", "a..b", "a//b", "a/.b"),
        *("a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "a@{b", "a\nb", "x" * 201),
    ],
)
def test_what_git_takes_for_something_else_is_no_branch(name: str) -> None:
    with pytest.raises(GitFault) as caught:
        checked_branch(name)
    assert caught.value.code == "branch.form"
    assert "WHISPERCMS_BRANCH" in caught.value.remedy


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("abA1_./+-é"), min_size=1, max_size=9) | st.just("a.lock/b"))
def test_what_is_taken_for_a_branch_is_one_to_git(name: str) -> None:
    try:
        checked_branch(name)
    except GitFault:
        return
    subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=True)


def test_clone_and_lock_lie_in_the_node_s_folder() -> None:
    source = SiteSource(remote="/x", branch=None, folder=Path("/state/x"), asset_bytes=1)
    assert source.repository == Path("/state/x/repository.git")
    assert source.lock == Path("/state/x/sync.lock")
