import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault, RefMoved, RemoteFault
from apps.gitsync.git.output import NOTHING, TreeItem
from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import DAY, LINK, NOWHERE, PROGRAM, START, SUBMODULE, At, Made

NAMES = [
    b"plain.md",
    b"with space.md",
    b" leading and trailing ",
    b"new\nline.md",
    b"\nfirst",
    b"tab\there",
    b"\x01start\x01of",
    b"not\xffutf8\xfe.md",
    "Über/日本.md".encode(),
    b"quo\"te'.md",
    b"back\\slash.md",
    b"*?[x].md",
    b":(glob)x.md",
    b"-rf",
    b"deep/er/file",
]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


@pytest.fixture
def here(made: Made) -> Repository:
    return Repository(made.path)


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "clone.git")
    repository.create()
    return repository


def test_a_repository_exists_once_it_was_created(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "a b" / "x.git")
    assert not repository.exists()
    repository.create()
    repository.create()
    assert repository.exists()
    assert repository.resolve("HEAD") is None
    assert repository.branches() == []


def test_every_name_that_git_takes_comes_back_as_its_bytes(made: Made, here: Repository) -> None:
    first = made.commit({b"x": b"1"})
    second = made.commit({b"x": b"1", **dict.fromkeys(NAMES, b"2")})
    items = [TreeItem(name, "100644", made.blob(b"2")) for name in sorted(NAMES)]
    assert [item for item in here.tree(second) if item.path != b"x"] == items
    assert here.changes(first, second) == items
    assert here.added(second, None, ()) == {b"x": START, **dict.fromkeys(NAMES, START + DAY)}
    assert here.added(second, first, ()) == dict.fromkeys(NAMES, START + DAY)


def test_every_name_can_be_asked_for_alone(made: Made, here: Repository) -> None:
    commit = made.commit({**dict.fromkeys(NAMES, b"2"), b"x": b"1", b"abc.md": b"1"})
    for name in NAMES:
        assert here.added(commit, None, [name]) == {name: START}


def test_links_programs_and_submodules_have_their_modes(made: Made, here: Repository) -> None:
    commit = made.commit(
        {
            b"link": At(LINK, b"/etc/passwd"),
            b"run": At(PROGRAM, b"#!"),
            b"sub": At(SUBMODULE, NOWHERE),
            b"folder/x": b"x",
        }
    )
    modes = {item.path: item.mode for item in here.tree(commit)}
    assert modes == {b"folder/x": "100644", b"link": LINK, b"run": PROGRAM, b"sub": SUBMODULE}
    assert {item.path: item.mode for item in here.top(commit)} == {
        b"folder": "040000",
        b"link": LINK,
        b"run": PROGRAM,
        b"sub": SUBMODULE,
    }


def test_changes_are_what_was_added_edited_removed_and_given_another_mode(
    made: Made, here: Repository
) -> None:
    old = made.commit({b"edit": b"1", b"gone": b"2", b"same": b"3", b"mode": b"4"})
    new = made.commit({b"edit": b"x", b"new": b"5", b"same": b"3", b"mode": At(LINK, b"4")})
    found = {item.path: item for item in here.changes(old, new)}
    assert set(found) == {b"edit", b"gone", b"mode", b"new"}
    assert found[b"gone"].removed
    assert found[b"gone"].blob == NOTHING
    assert found[b"mode"].mode == LINK
    assert not found[b"new"].removed
    assert here.changes(old, old) == []


def test_a_rename_is_a_removal_and_an_addition(made: Made, here: Repository) -> None:
    old = made.commit({b"a": b"the same content\n" * 9})
    new = made.commit({b"b": b"the same content\n" * 9})
    assert [(item.path, item.removed) for item in here.changes(old, new)] == [
        (b"a", True),
        (b"b", False),
    ]


def test_blobs_are_read_in_bulk_with_all_their_bytes(made: Made, here: Repository) -> None:
    contents = [b"", b"\n", b"a\n\nb", bytes(range(256)) * 400, b"x" * 200_000]
    blobs = [made.blob(content) for content in contents]
    assert list(here.read(blobs)) == list(zip(blobs, contents, strict=True))
    assert here.sizes(blobs) == {
        blob: len(content) for blob, content in zip(blobs, contents, strict=True)
    }
    assert list(here.read([])) == []
    assert here.sizes([]) == {}


def test_reading_may_be_given_up_half_way(made: Made, here: Repository) -> None:
    blobs = [made.blob(b"x" * 100_000 + b"%d" % n) for n in range(20)]
    reading = here.read(blobs)
    assert next(reading)[0] == blobs[0]
    reading.close()  # type: ignore[attr-defined]
    assert len(here.sizes(blobs)) == 20


def test_one_blob_is_streamed(made: Made, here: Repository) -> None:
    into = BytesIO()
    here.copy(made.blob(b"\0\n" * 100_000), into)
    assert into.getvalue() == b"\0\n" * 100_000


def test_an_object_that_is_missing_is_a_fault(here: Repository) -> None:
    with pytest.raises(GitFault):
        here.copy(NOWHERE, BytesIO())
    with pytest.raises(GitFault):
        list(here.read([NOWHERE]))
    with pytest.raises(GitFault):
        here.sizes([NOWHERE])


@pytest.mark.parametrize("ref", ["", "no-such", "--all", "-h", "HEAD~5", "a b", "refs/heads/*"])
def test_what_names_no_commit_is_none(made: Made, here: Repository, ref: str) -> None:
    made.commit({b"x": b"1"})
    assert here.resolve(ref) is None


def test_history_follows_the_first_parent(made: Made, here: Repository) -> None:
    first = made.commit({b"a": b"1"})
    side = made.commit({b"a": b"1", b"b": b"2"}, branch="side", parents=[first])
    main = made.commit({b"a": b"1", b"c": b"3"})
    merge = made.commit({b"a": b"1", b"b": b"2", b"c": b"3"}, parents=[main, side])
    assert here.is_first_parent_ancestor(first, merge)
    assert here.is_first_parent_ancestor(main, merge)
    assert not here.is_first_parent_ancestor(side, merge)
    assert not here.is_first_parent_ancestor(merge, first)
    assert here.added(merge, None, ()) == {
        b"a": START,
        b"c": START + 2 * DAY,
        b"b": START + 3 * DAY,
    }
    assert here.added(merge, main, ()) == {b"b": START + 3 * DAY}


def test_the_latest_addition_of_a_path_counts(made: Made, here: Repository) -> None:
    made.commit({b"a": b"1", b"b": b"1"})
    made.commit({b"b": b"2"})
    last = made.commit({b"a": b"1", b"b": b"2"})
    assert here.added(last, None, ()) == {b"a": START + 2 * DAY, b"b": START}


@pytest.mark.parametrize("number", [50, 51])
def test_a_few_paths_or_many_are_found_alike(made: Made, here: Repository, number: int) -> None:
    names = [f"{n}*.md".encode() for n in range(number)]
    commit = made.commit({name: b"x" for name in names} | {b"other": b"y"})
    found = here.added(commit, None, names)
    assert {name: found[name] for name in names} == dict.fromkeys(names, START)


@pytest.mark.parametrize("moment", ["@0 +0000", "@99999999999 +0000", "@1577836800 +1400"])
def test_any_date_that_an_author_may_claim_is_read(
    made: Made, here: Repository, moment: str
) -> None:
    commit = made.commit({b"a": b"1"}, date=moment)
    assert here.added(commit, None, ()) == {b"a": int(moment[1:].split()[0])}


@pytest.mark.parametrize(
    "author",
    [
        "author Ada <a@b.c>",
        "author Ada <a@b.c> soon",
        "author",
        "author Ada <a@b.c> 99999999999999999999999999 +0000",
        "author \x01\x01 <a@b.c> 1577836800 +0000",
    ],
)
def test_a_commit_with_a_broken_author_does_not_break_the_reading(
    made: Made, here: Repository, author: str
) -> None:
    tree = made.tree({b"a": b"1"})
    text = f"tree {tree}\n{author}\ncommitter Ada <a@b.c> 1577836800 +0000\n\nx\n"
    command = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    commit = made.git(*command, stdin=text.encode())
    assert set(here.added(commit, None, ())) <= {b"a"}


def test_a_ref_moves_by_compare_and_swap(made: Made, here: Repository) -> None:
    one, two = made.commit({b"a": b"1"}), made.commit({b"a": b"2"})
    here.move("refs/whispercms/x", one, None)
    with pytest.raises(RefMoved):
        here.move("refs/whispercms/x", two, None)
    with pytest.raises(RefMoved):
        here.move("refs/whispercms/x", two, two)
    assert here.resolve("refs/whispercms/x") == one
    here.move("refs/whispercms/x", two, one)
    assert here.resolve("refs/whispercms/x") == two


def test_a_ref_that_cannot_be_written_has_not_moved(here: Repository) -> None:
    with pytest.raises(GitFault) as caught:
        here.move("refs/whispercms/x", NOWHERE, None)
    assert not isinstance(caught.value, RefMoved)


def test_a_symbolic_ref_is_read_and_pointed(here: Repository) -> None:
    assert here.symbolic("refs/remotes/origin/HEAD") is None
    here.symbolic("refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert here.symbolic("refs/remotes/origin/HEAD") == "refs/remotes/origin/main"


def test_a_fetch_brings_all_branches_and_forgets_those_that_went(
    made: Made, clone: Repository
) -> None:
    main = made.commit({b"a": b"1"})
    made.commit({b"a": b"2"}, branch="side/x")
    clone.fetch(str(made.path))
    assert clone.branches() == ["refs/remotes/origin/main", "refs/remotes/origin/side/x"]
    assert clone.resolve("refs/remotes/origin/main") == main
    made.git("update-ref", "-d", "refs/heads/side/x")
    clone.fetch(str(made.path))
    assert clone.branches() == ["refs/remotes/origin/main"]


def test_a_fetch_follows_a_rewritten_history_and_leaves_our_own_refs(
    made: Made, clone: Repository
) -> None:
    old = made.commit({b"a": b"1"})
    clone.fetch(str(made.path))
    clone.set("refs/whispercms/served/main", old)
    new = made.commit({b"a": b"2"}, parents=[])
    clone.fetch(str(made.path))
    assert clone.resolve("refs/remotes/origin/main") == new
    assert clone.resolve("refs/whispercms/served/main") == old


@pytest.mark.parametrize("name", ["a b", "a'b", 'a"b', "$(touch x)", "a;b", "-x", "ü", "a\\b"])
def test_a_remote_may_lie_in_a_folder_of_any_name(
    tmp_path: Path, clone: Repository, name: str
) -> None:
    made = Made(tmp_path / name)
    commit = made.commit({b"a": b"1"})
    clone.fetch(str(made.path))
    assert clone.resolve("refs/remotes/origin/main") == commit
    assert clone.default_branch(str(made.path)) == "main"
    assert not Path("x").exists()


def test_no_hook_of_a_repository_is_run(made: Made, here: Repository) -> None:
    commit = made.commit({b"a": b"1"})
    hook = made.path / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {made.path}/ran\n")
    hook.chmod(0o755)
    here.set("refs/heads/other", commit)
    assert not (made.path / "ran").exists()


@pytest.mark.parametrize(
    "name", ["GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"]
)
def test_what_git_left_in_the_environment_does_not_count(
    here: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A server may be started from a hook, which Git gives variables of its own."""
    monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    blob = here.write_blob(b"x")
    tree = here.write_tree([("100644", blob, "x")])
    monkeypatch.delenv(name)
    assert here.sizes([blob]) == {blob: 1}
    assert here.resolve(f"{tree}^{{tree}}") == tree
    assert here.branches() == []


def test_a_configuration_in_the_environment_does_not_count(
    made: Made, here: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = made.commit({b"a": b"1"})
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "log.showSignature")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "not a boolean")
    assert here.added(commit, None, ()) == {b"a": START}


def fault(clone: Repository, remote: str) -> RemoteFault:
    with pytest.raises(RemoteFault) as caught:
        clone.fetch(remote)
    assert caught.value.reason
    assert caught.value.remedy
    return caught.value


def test_a_fault_says_what_git_said_first(made: Made, here: Repository) -> None:
    with pytest.raises(GitFault, match="Not a valid object name"):
        here.tree(NOWHERE[:7] + "-x")


def test_a_missing_remote_is_named(clone: Repository, tmp_path: Path) -> None:
    assert fault(clone, str(tmp_path / "none.git")).code == "remote.unknown"
    (tmp_path / "file.git").write_text("x")
    assert fault(clone, str(tmp_path / "file.git")).code == "remote.unknown"


def test_a_folder_that_happens_to_be_called_shallow_or_403_is_only_missing(
    clone: Repository, tmp_path: Path
) -> None:
    for name in ("shallow", "403", "Permission denied"):
        assert fault(clone, str(tmp_path / name)).code == "remote.unknown"


def test_a_damaged_remote_is_a_fault(made: Made, clone: Repository) -> None:
    made.commit({b"a": b"1"})
    shutil.rmtree(made.path / "objects")
    (made.path / "objects").mkdir()
    assert fault(clone, str(made.path)).code.startswith(("git.", "remote."))


def test_a_password_in_a_remote_is_never_repeated(clone: Repository) -> None:
    error = fault(clone, "https://user:pass-word@127.0.0.1:1/site.git")
    assert "pass-word" not in str(error)
    assert error.code == "remote.unreachable"


def test_without_git_the_operator_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFault) as caught:
        Repository(tmp_path / "x.git").create()
    assert caught.value.code == "git.missing"
    assert "install" in caught.value.remedy.lower()


def test_the_environment_of_the_process_stays_as_it_is(here: Repository) -> None:
    before = dict(os.environ)
    here.branches()
    assert dict(os.environ) == before
