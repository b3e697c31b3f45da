from pathlib import Path

import pytest

from apps.gitsync.clone.remote import Target, fetch, target
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from tests.gitsync.repositories import Made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


def source(remote: Path | str, branch: str | None = None) -> SiteSource:
    folder = Path("/nowhere")
    return SiteSource(remote=str(remote), branch=branch, folder=folder, asset_bytes=1)


def reached(tmp_path: Path, remote: Path | str, branch: str | None = None) -> Target:
    """What a node whose clone is at `tmp_path` would serve of the remote."""
    clone, wanted = Repository(tmp_path / "clone.git"), source(remote, branch)
    fetch(clone, wanted)
    return target(clone, wanted)


def fault(tmp_path: Path, remote: Path | str, branch: str | None = None) -> str:
    with pytest.raises(GitFault) as caught:
        reached(tmp_path, remote, branch)
    assert caught.value.remedy
    return caught.value.code


def test_without_a_branch_the_remote_s_default_is_served(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"}, branch="side")
    commit = made.commit({b"a": b"1"}, branch="trunk/1.0")
    made.git("symbolic-ref", "HEAD", "refs/heads/trunk/1.0")
    assert reached(tmp_path, made.path) == Target("trunk/1.0", commit)


def test_the_branch_of_the_settings_wins(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"})
    commit = made.commit({b"a": b"2"}, branch="side")
    assert reached(tmp_path, made.path, "side") == Target("side", commit)


def test_the_newest_commit_is_reached_every_time(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"})
    reached(tmp_path, made.path)
    newer = made.commit({b"a": b"2"})
    assert reached(tmp_path, made.path).commit == newer


def test_a_default_branch_that_went_is_chosen_again(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"})
    assert reached(tmp_path, made.path).branch == "main"
    made.git("branch", "-m", "main", "trunk")
    made.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    assert reached(tmp_path, made.path).branch == "trunk"


def test_a_missing_remote_leaves_the_clone_as_it_was(made: Made, tmp_path: Path) -> None:
    commit = made.commit({b"a": b"1"})
    reached(tmp_path, made.path)
    made.path.rename(tmp_path / "gone.git")
    assert fault(tmp_path, made.path) == "remote.unknown"
    assert target(Repository(tmp_path / "clone.git"), source(made.path)).commit == commit


def test_an_empty_remote_is_named(made: Made, tmp_path: Path) -> None:
    assert fault(tmp_path, made.path) == "remote.empty"


def test_a_branch_that_there_is_not_is_named(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"})
    assert fault(tmp_path, made.path, "mian") == "branch.unknown"


@pytest.mark.parametrize("branch", ["-x", "a..b", "main^", "main:x", "@{upstream}"])
def test_what_is_no_branch_is_not_asked_for(made: Made, tmp_path: Path, branch: str) -> None:
    made.commit({b"a": b"1"})
    assert fault(tmp_path, made.path, branch) == "branch.form"


def test_a_detached_head_leaves_the_choice_to_the_operator(made: Made, tmp_path: Path) -> None:
    commit = made.commit({b"a": b"1"})
    made.git("update-ref", "--no-deref", "HEAD", commit)
    assert fault(tmp_path, made.path) == "remote.detached"
    assert reached(tmp_path, made.path, "main").commit == commit


def test_a_head_that_names_no_branch_yet_leaves_the_choice_too(made: Made, tmp_path: Path) -> None:
    commit = made.commit({b"a": b"1"}, branch="side")
    assert fault(tmp_path, made.path) == "remote.detached"
    assert reached(tmp_path, made.path, "side").commit == commit


def test_a_shallow_remote_is_refused(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"})
    made.commit({b"a": b"2"})
    for name, bare in (("one.git", ["--bare"]), ("two", [])):
        shallow = tmp_path / name
        made.git("clone", "--quiet", *bare, "--depth=1", f"file://{made.path}", str(shallow))
        assert fault(tmp_path, shallow) == "remote.shallow"
        assert fault(tmp_path, f"file://{shallow}") == "remote.shallow"


def test_a_remote_that_became_shallow_is_refused_and_the_clone_is_as_it_was(
    made: Made, tmp_path: Path
) -> None:
    made.commit({b"a": b"1"})
    full = made.commit({b"a": b"2"})
    reached(tmp_path, made.path)
    made.path.rename(tmp_path / "full.git")
    made.path.mkdir()
    made.git("clone", "--quiet", "--bare", "--depth=1", f"file://{tmp_path}/full.git", ".")
    assert fault(tmp_path, made.path) == "remote.shallow"
    clone = Repository(tmp_path / "clone.git")
    assert target(clone, source(made.path)).commit == full


def test_a_working_copy_may_be_the_remote(made: Made, tmp_path: Path) -> None:
    commit = made.commit({b"a": b"1"})
    made.git("clone", "--quiet", str(made.path), str(tmp_path / "work"))
    assert reached(tmp_path, tmp_path / "work") == Target("main", commit)


def test_a_bundle_may_be_the_remote(made: Made, tmp_path: Path) -> None:
    commit = made.commit({b"a": b"1"})
    bundle = tmp_path / "a site.bundle"
    made.git("bundle", "create", "--quiet", str(bundle), "--all")
    assert reached(tmp_path, bundle, "main") == Target("main", commit)


def test_the_head_of_a_bundle_is_its_default_branch(made: Made, tmp_path: Path) -> None:
    made.commit({b"a": b"1"}, branch="side")
    commit = made.commit({b"a": b"2"})
    bundle = tmp_path / "site.bundle"
    made.git("bundle", "create", "--quiet", str(bundle), "HEAD", "main", "side")
    assert reached(tmp_path, bundle) == Target("main", commit)


def test_a_bundle_without_a_head_leaves_the_choice_to_the_operator(
    made: Made, tmp_path: Path
) -> None:
    made.commit({b"a": b"1"})
    bundle = tmp_path / "site.bundle"
    made.git("bundle", "create", "--quiet", str(bundle), "main")
    assert fault(tmp_path, bundle) == "remote.detached"


def test_a_remote_that_git_could_take_for_a_program_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(RemoteFault) as caught:
        reached(tmp_path, f"ext::touch {tmp_path}/ran")
    assert caught.value.code == "remote.form"
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "clone.git").exists()
