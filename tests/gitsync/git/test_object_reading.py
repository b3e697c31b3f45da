"""What is read is the same whether a Git is at hand or each question starts one."""

import os
import signal
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.object_reading import FEW, STEPS
from apps.gitsync.git.output import Commit, commit_of, raw_tree_items
from apps.gitsync.git.repository import Repository
from tests.gitsync.crashing import below
from tests.gitsync.repositories import DAY, LINK, NOWHERE, PROGRAM, START, SUBMODULE, At, Made

WHO = b"author A <a@b> 1577836800 +0000"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


@pytest.fixture
def here(made: Made) -> Repository:
    return Repository(made.path)


def test_objects_are_the_same_at_hand(made: Made, here: Repository) -> None:
    content = [b"", b"one\n", b"\0" * 300_000, b"two\n\n"]
    commit = made.commit({b"%d" % n: each for n, each in enumerate(content)})
    names = [*map(made.blob, content), commit]
    alone = dict(here.read(names)), here.sizes(names), here.kinds(names)
    with here.at_hand():
        assert (dict(here.read(names)), here.sizes(names), here.kinds(names)) == alone
        assert (list(here.read([])), here.sizes([])) == ([], {})
    assert alone[1][names[2]] == 300_000
    assert alone[2][commit] == "commit"


@pytest.mark.parametrize("number", [FEW, FEW + 1])
def test_many_are_read_in_one_pass(made: Made, here: Repository, number: int) -> None:
    content = [b"%d" % n for n in range(number)]
    made.commit({each: each for each in content})
    names = [line.split()[2] for line in made.git("ls-tree", "main").splitlines()]
    with here.at_hand():
        assert sorted(found for _, found in here.read(names)) == sorted(content)
        assert len(here.sizes(names)) == number


def test_a_top_folder_is_the_same_at_hand(made: Made, here: Repository) -> None:
    files = {
        b"a.md": At("100644", b"1"),
        b"b": At(PROGRAM, b"1"),
        b"c": At(LINK, b"a.md"),
        b"d": At(SUBMODULE, NOWHERE),
        b"e/f": At("100644", b"1"),
        b"\xff\n": At("100644", b"1"),
        " ü".encode(): At("100644", b"1"),
    }
    commit = made.commit(files)
    alone = here.top(commit)
    assert len(alone) == len(files)
    with here.at_hand():
        assert here.top(commit) == alone


@pytest.mark.parametrize("mode", ["100664", "100600", "100755", "100744", "100654", "40755"])
def test_modes_that_old_programs_wrote_are_read_as_git_reads_them(
    made: Made, here: Repository, mode: str
) -> None:
    blob = made.blob(b"1")
    tree = f"{mode} old\0".encode() + bytes.fromhex(blob)
    name = made.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=tree)
    assert raw_tree_items(tree) == here.top(name)


@pytest.mark.parametrize(
    "tree", [b"100644 a\0short", b"100644", b"100644 a", b"x a\0" + b"1" * 20, b" a\0" + b"1" * 20]
)
def test_a_tree_that_is_none_is_damage(tree: bytes) -> None:
    with pytest.raises(GitFault) as caught:
        raw_tree_items(tree)
    assert caught.value.code == "git.damaged"


def test_what_is_not_there_is_missing_and_the_next_answer_is_right(
    made: Made, here: Repository
) -> None:
    commit = made.commit({b"a": b"1"})
    with here.at_hand():
        for ask in (here.sizes, lambda names: list(here.read(names))):
            with pytest.raises(GitFault) as caught:
                ask([NOWHERE])
            assert caught.value.code == "git.missing-object"
        assert (here.has_commit(commit), here.has_commit(NOWHERE)) == (True, False)
        assert not here.has_commit(made.blob(b"1"))
    assert (here.has_commit(commit), here.has_commit(NOWHERE)) == (True, False)


def test_what_arrives_meanwhile_is_found(made: Made, here: Repository) -> None:
    made.commit({b"a": b"1"})
    with here.at_hand():
        here.ready()
        assert not here.has_commit(NOWHERE)
        loose = made.commit({b"a": b"2"})
        assert here.has_commit(loose)
        made.git("repack", "-a", "-d", "-q")
        assert here.has_commit(loose)
        assert dict(here.read([made.blob(b"2")])) == {made.blob(b"2"): b"2"}


def test_a_git_that_is_killed_is_a_fault_once(made: Made, here: Repository) -> None:
    commit = made.commit({b"a": b"1"})
    with here.at_hand():
        assert here.has_commit(commit)
        for each in below(os.getpid(), only={"git"}):
            os.kill(each, signal.SIGKILL)
        with pytest.raises(GitFault) as caught:
            here.kinds([commit])
        assert caught.value.code == "git.killed"
        assert here.has_commit(commit)


def test_a_damaged_object_is_a_fault(made: Made, here: Repository) -> None:
    blob = made.blob(b"damaged")
    path = made.path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"no object at all")
    with here.at_hand(), pytest.raises(GitFault) as caught:
        list(here.read([blob]))
    assert caught.value.code in ("git.damaged", "git.missing-object")


def test_no_question_is_two(made: Made, here: Repository) -> None:
    commit = made.commit({b"a": b"1"})
    with here.at_hand(), pytest.raises(GitFault):
        here.sizes([f"{commit}\ncontents {commit}"])


def test_steps_lead_from_a_commit_to_one_of_its_first_parents(made: Made, here: Repository) -> None:
    first, second, third = (made.commit({b"a": b"%d" % n}) for n in range(3))
    assert here.steps(first, third) is None
    with here.at_hand():
        assert here.steps(first, third) == [
            Commit(third, (second,), START + 2 * DAY),
            Commit(second, (first,), START + DAY),
        ]
        assert here.steps(third, first) is None
        assert here.steps(third, third) is None
        assert here.steps(first, NOWHERE) is None


@pytest.mark.parametrize(("number", "short"), [(STEPS, True), (STEPS + 1, False)])
def test_a_long_way_is_left_to_git(made: Made, here: Repository, number: int, short: bool) -> None:
    old = made.commit({b"a": b"1"})
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@b> {START + n} +0000\ndata 0\n"
        + (f"from {old}\n" if n == 0 else "")
        for n in range(number)
    )
    made.git("fast-import", "--quiet", stdin=stream.encode())
    new = made.tip()
    with here.at_hand():
        assert (here.steps(old, new) is not None) is short
        assert here.is_ancestor(old, new)
        assert here.is_first_parent_ancestor(old, new)
        assert not here.is_ancestor(new, old)


def test_ancestry_is_the_same_at_hand(made: Made, here: Repository) -> None:
    base = made.commit({b"a": b"1"})
    side = made.commit({b"a": b"2"}, parents=[base], branch="side")
    main = made.commit({b"a": b"3"}, parents=[base])
    merged = made.commit({b"a": b"4"}, parents=[main, side])
    alien = made.commit({b"a": b"5"}, parents=[], branch="alien")
    every = (base, side, main, merged, alien)
    pairs = [(old, new) for old in every for new in every]
    asked = (here.is_ancestor, here.is_first_parent_ancestor)
    alone = [[ask(*pair) for pair in pairs] for ask in asked]
    with here.at_hand():
        assert [[ask(*pair) for pair in pairs] for ask in asked] == alone


@pytest.mark.parametrize(
    "line",
    [
        WHO,
        b"author  <> 5 +0000",
        b"author A <a@b> 0099 -0130",
        b"author A <a@b> -5 +0000",
        b"author A <a@b>",
        b"author A <a@b> 1 2 3",
        b"author A <a> b> 7 +0000",
        b"author A 7 +0000",
        b"author A <a@b> 7 +0000 ",
        b"author A <a@b> 99999999999999999999 +0000",
    ],
)
def test_the_time_of_an_author_is_git_s_or_left_to_git(
    made: Made, here: Repository, line: bytes
) -> None:
    tree = made.tree({b"a": b"1"})
    raw = b"tree %s\n%s\ncommitter C <c@d> 1 +0000\n\nparent %s\nauthor B <b@c> 9 +0000\n" % (
        tree.encode(),
        line,
        NOWHERE.encode(),
    )
    name = made.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=raw)
    found = commit_of(name, raw)
    assert found.parents == ()
    if found.authored is not None:
        assert here.added(name, None, ()) == {b"a": found.authored}
    assert (found.authored is not None) or line != WHO
