"""Pushes between real repositories: what each ref becomes, and why not."""

from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault, RefMoved, RemoteFault
from apps.gitsync.git.pushes import Outcome, Pushed, RefUpdate
from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import NOWHERE, Made

MAIN, RELEASE = "refs/heads/main", "refs/whispercms/releases/1"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The remote; `clone` has what it had when `clone` was made."""
    return Made(tmp_path / "made.git")


@pytest.fixture
def first(made: Made) -> str:
    return made.commit({b"a": b"1"})


@pytest.fixture
def own(first: str, made: Made, tmp_path: Path) -> Made:
    """Our clone, in which Git itself makes commits."""
    own = Made(tmp_path / "own.git")
    own.git("fetch", "--quiet", str(made.path), "+refs/heads/*:refs/heads/*")
    return own


def push(own: Made, made: Made, *updates: tuple[str, str, str | None]) -> list[Pushed]:
    repository = Repository(own.path)
    return repository.push(str(made.path), [RefUpdate(*update) for update in updates])


def outcomes(pushed: list[Pushed]) -> list[Outcome]:
    return [each.outcome for each in pushed]


def codes(pushed: list[Pushed]) -> list[str]:
    return [each.fault.code for each in pushed if each.fault]


def hook(made: Made, text: str, name: str = "pre-receive") -> None:
    path = made.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_branch_and_a_release_go_out_together(own: Made, made: Made, first: str) -> None:
    new = own.commit({b"a": b"2"})
    assert outcomes(push(own, made, (new, MAIN, first), (new, RELEASE, None))) == [Outcome.OK] * 2
    assert made.tip() == new
    assert made.git("rev-parse", RELEASE) == new


@pytest.mark.long
def test_what_is_there_already_is_taken_as_pushed(own: Made, made: Made, first: str) -> None:
    assert outcomes(push(own, made, (first, MAIN, first))) == [Outcome.OK]


def test_a_remote_that_moved_on_is_stale_and_nothing_is_pushed(
    own: Made, made: Made, first: str
) -> None:
    theirs = made.commit({b"b": b"1"})
    ours = own.commit({b"a": b"2"})
    pushed = push(own, made, (ours, MAIN, first), (ours, RELEASE, None))
    assert outcomes(pushed) == [Outcome.STALE, Outcome.HELD]
    assert isinstance(pushed[0].fault, RefMoved)
    assert made.tip() == theirs
    assert made.git("for-each-ref", RELEASE) == ""


@pytest.mark.long
def test_a_ref_that_is_there_but_should_not_be_is_stale(own: Made, made: Made, first: str) -> None:
    made.git("update-ref", RELEASE, first)
    new = own.commit({b"a": b"2"})
    assert outcomes(push(own, made, (new, RELEASE, None))) == [Outcome.STALE]


def test_a_branch_is_never_forced_even_when_its_tip_is_known(
    own: Made, made: Made, first: str
) -> None:
    other = own.commit({b"x": b"1"}, branch="other", parents=[])
    pushed = push(own, made, (other, MAIN, first), (other, RELEASE, None))
    assert outcomes(pushed) == [Outcome.REFUSED, Outcome.HELD]
    assert codes(pushed) == ["push.not-forward"]
    assert made.tip() == first


@pytest.mark.long
def test_a_branch_whose_old_tip_is_not_here_is_not_forced_either(
    own: Made, made: Made, first: str
) -> None:
    theirs = made.commit({b"b": b"1"})
    ours = own.commit({b"a": b"2"})
    assert codes(push(own, made, (ours, MAIN, theirs))) == ["push.not-forward"]
    assert made.tip() == theirs


@pytest.mark.long
def test_another_ref_than_a_branch_may_be_moved_anywhere(own: Made, made: Made, first: str) -> None:
    made.git("update-ref", RELEASE, first)
    other = own.commit({b"x": b"1"}, branch="other", parents=[])
    assert outcomes(push(own, made, (other, RELEASE, first))) == [Outcome.OK]


def test_a_rule_of_the_remote_declines_with_its_own_words(
    own: Made, made: Made, first: str
) -> None:
    hook(made, "echo; echo 'Ask Grace first: https://user:pass-word@x/'; exit 1")
    new = own.commit({b"a": b"2"})
    pushed = push(own, made, (new, MAIN, first))
    assert (outcomes(pushed), codes(pushed)) == ([Outcome.REFUSED], ["push.declined"])
    assert "Ask Grace first" in str(pushed[0].fault)
    assert "pass-word" not in str(pushed[0].fault)


@pytest.mark.long
def test_a_protected_branch_is_told_apart(own: Made, made: Made, first: str) -> None:
    hook(made, "echo 'error: GH006: Protected branch update failed' >&2; exit 1", "update")
    new = own.commit({b"a": b"2"})
    assert codes(push(own, made, (new, MAIN, first))) == ["push.protected"]


def test_a_lock_in_the_remote_is_worth_another_try(own: Made, made: Made, first: str) -> None:
    new = own.commit({b"a": b"2"})
    lock = made.path / f"{MAIN}.lock"
    lock.touch()
    assert codes(push(own, made, (new, MAIN, first))) == ["remote.locked"]
    lock.unlink()
    assert outcomes(push(own, made, (new, MAIN, first))) == [Outcome.OK]


@pytest.mark.long
def test_a_server_that_knows_no_all_or_nothing_is_asked_one_by_one(
    own: Made, made: Made, first: str
) -> None:
    made.git("config", "receive.advertiseAtomic", "false")
    made.git("update-ref", RELEASE, first)
    new = own.commit({b"a": b"2"})
    pushed = push(own, made, (new, MAIN, first), (new, RELEASE, None))
    assert outcomes(pushed) == [Outcome.OK, Outcome.STALE]
    assert made.tip() == new


@pytest.mark.long
def test_a_working_copy_that_has_the_branch_checked_out_is_named(
    own: Made, made: Made, first: str, tmp_path: Path
) -> None:
    made.git("clone", "--quiet", str(made.path), str(tmp_path / "work"))
    new = own.commit({b"a": b"2"})
    pushed = Repository(own.path).push(str(tmp_path / "work"), [RefUpdate(new, MAIN, first)])
    assert codes(pushed) == ["push.checked-out"]


@pytest.mark.long
def test_a_branch_inside_a_branch_is_named(own: Made, made: Made, first: str) -> None:
    new = own.commit({b"a": b"2"})
    assert codes(push(own, made, (new, f"{MAIN}/x", None))) == ["push.name"]


@pytest.mark.long
def test_a_remote_that_is_gone_raises(own: Made, made: Made, first: str) -> None:
    with pytest.raises(RemoteFault) as caught:
        Repository(own.path).push("/nowhere.git", [RefUpdate(first, MAIN, None)])
    assert caught.value.code == "remote.unknown"


@pytest.mark.long
def test_an_object_that_is_not_here_is_not_pushed(own: Made, made: Made, first: str) -> None:
    assert codes(push(own, made, (NOWHERE, RELEASE, None))) == ["git.damaged"]


@pytest.mark.parametrize(
    "update",
    [
        ("HEAD", MAIN, None),
        (NOWHERE, "--mirror", None),
        (NOWHERE, "refs/heads/a:refs/heads/b", None),
        (NOWHERE, "+refs/heads/a", None),
        (NOWHERE, "refs/heads/*", None),
        (NOWHERE, "refs/heads/../../x", None),
        (NOWHERE, "refs/heads/a b", None),
        (NOWHERE, MAIN, "-f"),
    ],
)
def test_what_is_no_ref_and_no_object_never_reaches_git(
    own: Made, made: Made, update: tuple[str, str, str | None]
) -> None:
    with pytest.raises(GitFault) as caught:
        push(own, made, update)
    assert caught.value.code == "ref.form"
