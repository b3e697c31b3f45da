"""Clones that are really damaged: each is whole again in the end, and no commit of ours that can
still be read is missing."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.gitsync.clone import tended, tending
from apps.gitsync.clone.integrity import CONFIG, HEAD, check, found_damage
from apps.gitsync.clone.tended import DAMAGED, MENDED, SOUND, UNFINISHED, Tended
from apps.gitsync.clone.tending import is_due, tend, tend_if_due, with_whole_clone
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import STALE_SECONDS
from apps.gitsync.report import APPLIED, UNCHANGED
from apps.gitsync.source import SiteSource
from tests.gitsync.repositories import Made
from tests.sites import CONFIG as SITE
from tests.sites import Site, SiteRepository

MAIN, DRAFT = "refs/heads/main", "refs/whispercms/drafts/ada/1"
BASE = {b"config.toml": SITE.encode(), b"content/one.md": b"# One\n"}
NOW = 1_700_000_000.0


class Node:
    """A remote, and a clone of it with commits of its own that nobody else has."""

    def __init__(self, folder: Path) -> None:
        self.remote = Made(folder / "remote.git")
        self.base = self.remote.commit(BASE)
        self.source = SiteSource(
            remote=str(self.remote.path), branch=None, folder=folder / "node", asset_bytes=1
        )
        self.clone = Made(self.source.repository)
        branches = "+refs/heads/*:refs/remotes/origin/*"
        self.clone.git("fetch", "--quiet", str(self.remote.path), branches)
        self.own = self.clone.commit({**BASE, b"content/own.md": b"# Own\n"}, parents=[self.base])
        self.newest = self.clone.commit({**BASE, b"content/own.md": b"# Newest\n"})
        self.draft = self.clone.commit({b"draft": b"1"}, branch="x", parents=[self.base])
        self.clone.git("update-ref", DRAFT, self.draft)
        self.clone.git("update-ref", "-d", "refs/heads/x")

    def ref(self, name: str) -> str | None:
        return Repository(self.source.repository).resolve(name)

    def object(self, name: str) -> Path:
        object = self.clone.git("rev-parse", name)
        return self.source.repository / "objects" / object[:2] / object[2:]

    def damage(self, name: str) -> None:
        path = self.object(name)
        path.chmod(0o644)
        path.write_bytes(b"")


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def whole(node: Node) -> bool:
    return check(Repository(node.source.repository), full=True) == ()


def test_a_whole_clone_is_left_as_it_is(node: Node) -> None:
    before = sorted(node.source.repository.rglob("*"))
    assert tend(node.source).state == SOUND
    assert tend(node.source, full=True).state == SOUND
    assert set(before) <= set(node.source.repository.rglob("*"))
    assert not list(node.source.folder.glob("damaged-*"))


def nothing(node: Node) -> None:
    """Only what the remote has is damaged."""
    node.damage(f"{node.base}^{{tree}}")


def no_objects_of_the_remote(node: Node) -> None:
    names = (node.base, f"{node.base}^{{tree}}", f"{node.base}:config.toml")
    for path in [node.object(name) for name in names]:
        path.unlink()


def a_truncated_pack(node: Node) -> None:
    node.remote.git("repack", "-adq")
    pack = next((node.remote.path / "objects" / "pack").glob("*.pack"))
    shutil.copytree(pack.parent, node.source.repository / "objects" / "pack", dirs_exist_ok=True)
    no_objects_of_the_remote(node)
    copy = node.source.repository / "objects" / "pack" / pack.name
    copy.chmod(0o644)
    os.truncate(copy, copy.stat().st_size // 2)


def a_changed_byte(node: Node) -> None:
    path = node.object(f"{node.base}:config.toml")
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[-3] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        a_changed_byte,
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (nothing, no_objects_of_the_remote, a_truncated_pack)
        ),
    ],
)
def test_what_the_remote_has_comes_from_there_and_ours_stays(
    node: Node, damage: Callable[[Node], None]
) -> None:
    damage(node)
    tended = tend(node.source, full=True)
    assert (tended.state, tended.lost) == (MENDED, ())
    assert tended.findings
    assert (node.ref(MAIN), node.ref(DRAFT)) == (node.newest, node.draft)
    assert node.ref("refs/remotes/origin/main") == node.base
    assert whole(node)


@pytest.mark.parametrize(
    "part",
    [
        "^{tree}",
        *(pytest.param(p, marks=pytest.mark.long) for p in ("", ":content/own.md", ":content")),
    ],
)
def test_a_commit_of_ours_that_cannot_be_read_is_named_and_the_one_before_saved(
    node: Node, part: str
) -> None:
    node.damage(f"{node.newest}{part}")
    tended = tend(node.source)
    if not part:
        assert tended.lost == (f"{MAIN}: nothing of it can be read whole",)
        assert tended.recovered == (node.own,)
        assert node.ref(f"refs/whispercms/recovered/{node.own}") == node.own
    else:
        tended = tended if tended.state == MENDED else tend(node.source, full=True)
        what = {"^{tree}": "all of its files"}.get(part, part[1:])
        assert tended.lost == (
            f"{MAIN}: 1 commits cannot be read whole",
            f"{MAIN}: {what} of {node.newest[:10]} cannot be read",
        )
        assert node.ref(MAIN) == node.own
    assert node.ref(DRAFT) == node.draft
    assert whole(node)
    assert list(node.source.folder.glob("damaged-*.git")), "a person may still look at it"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (b"\0" * 41, b"xyz\n", b"1" * 40 + b"\n")
        ),
    ],
)
def test_a_ref_that_names_nothing_is_named_and_its_commits_are_found(
    node: Node, content: bytes
) -> None:
    (node.source.repository / MAIN).write_bytes(content)
    tended = tend(node.source)
    assert tended.lost == (f"{MAIN}: nothing of it can be read whole",)
    assert tended.recovered == (node.newest,)
    assert node.ref(f"refs/whispercms/recovered/{node.newest}") == node.newest
    assert node.ref(DRAFT) == node.draft


@pytest.mark.long
def test_damaged_packed_refs_keep_nobody_from_the_others(node: Node) -> None:
    node.clone.git("pack-refs", "--all")
    packed = node.source.repository / "packed-refs"
    packed.write_bytes(packed.read_bytes() + b"\0\0garbage\n")
    assert tend(node.source).state == MENDED
    assert (node.ref(MAIN), node.ref(DRAFT)) == (node.newest, node.draft)


@pytest.mark.parametrize("name", ["HEAD", "config"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (None, b"\0\0", b"ref: refs/heads/../../x\n")
        ),
    ],
)
def test_what_is_the_same_in_every_clone_is_put_back(
    node: Node, name: str, content: bytes | None
) -> None:
    path = node.source.repository / name
    path.unlink() if content is None else path.write_bytes(content)
    assert tend(node.source).state == SOUND
    assert path.read_text() == (HEAD if name == "HEAD" else CONFIG)
    assert node.ref(MAIN) == node.newest


@pytest.mark.long
def test_a_damaged_clone_is_only_told_of_when_nobody_asks_to_mend_it(node: Node) -> None:
    nothing(node)
    assert tend(node.source, mend=False).state == DAMAGED
    assert not whole(node)


@pytest.mark.long
def test_without_the_remote_a_damaged_clone_stays_as_it_is(node: Node) -> None:
    nothing(node)
    node.remote.path.rename(node.remote.path.with_name("away.git"))
    with pytest.raises(RemoteFault):
        tend(node.source)
    last = tended.read_tended(node.source)
    assert last is not None and last.state == DAMAGED
    assert node.ref(DRAFT) == node.draft
    node.remote.path.with_name("away.git").rename(node.remote.path)
    assert tend(node.source).state == MENDED
    assert whole(node)


@pytest.mark.long
def test_what_was_lost_is_told_until_a_person_has_read_it(node: Node) -> None:
    (node.source.repository / MAIN).write_bytes(b"")
    tend(node.source)
    again = tend(node.source)
    assert (again.state, len(again.lost), len(again.recovered)) == (SOUND, 1, 1)
    assert "checkrepo" in str(tended.trouble(again))
    assert tended.trouble(tending.acknowledge(node.source)) is None
    assert tend(node.source).lost == ()


@pytest.mark.long
def test_a_clone_that_was_set_aside_unread_is_looked_through_once(node: Node) -> None:
    """As a restore leaves it that could not read all of the old one."""
    aside = Made(node.source.folder / "damaged-20260101T000000Z-00000000.git")
    aside.git("fetch", "--quiet", str(node.clone.path), "+refs/*:refs/*")
    late = aside.commit({**BASE, b"content/late.md": b"# Late\n"}, parents=[node.base])
    half = aside.commit({**BASE, b"content/half.md": b"# Half\n"}, branch="half", parents=[])
    blob = aside.git("rev-parse", f"{half}:content/half.md")
    (aside.path / "objects" / blob[:2] / blob[2:]).unlink()
    tended = tend(node.source)
    assert (tended.state, tended.recovered) == (SOUND, (late,))
    assert any(f"content/half.md of {half[:10]} cannot be read" in each for each in tended.lost)
    assert node.ref(f"refs/whispercms/recovered/{late}") == late
    assert whole(node)
    tending.acknowledge(node.source)
    assert tend(node.source).recovered == ()


@pytest.mark.long
def test_a_git_that_is_killed_while_it_looks_has_found_no_damage(
    node: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    killed = tmp_path / "bin" / "git"
    killed.parent.mkdir()
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{killed.parent}:{os.environ['PATH']}")
        assert tend(node.source).state == UNFINISHED
    assert tend(node.source).state == SOUND


def test_a_lock_that_a_killed_git_left_goes_in_time(node: Node) -> None:
    lock = node.source.repository / f"{MAIN}.lock"
    lock.touch()
    repository = Repository(node.source.repository)
    with pytest.raises(GitFault) as caught:
        with_whole_clone(node.source, lambda: repository.set(MAIN, node.base))
    assert caught.value.code == "git.locked"
    old = time.time() - STALE_SECONDS - 1
    os.utime(lock, (old, old))
    with_whole_clone(node.source, lambda: repository.set(MAIN, node.base))
    assert node.ref(MAIN) == node.base


def test_a_fault_that_has_nothing_to_do_with_the_clone_is_only_told(node: Node) -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise RemoteFault("remote.denied", "x", "y")

    with pytest.raises(RemoteFault):
        with_whole_clone(node.source, fail)
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("last", "unclean", "due"),
    [
        (None, False, True),
        (Tended(state=SOUND, at=NOW, boot="b"), False, False),
        (Tended(state=MENDED, at=NOW - 60, boot="b"), False, False),
        (Tended(state=SOUND, at=NOW, boot="b"), True, True),
        (Tended(state=SOUND, at=NOW, boot="a"), False, True),
        (Tended(state=DAMAGED, at=NOW, boot="b"), False, True),
        (Tended(state=SOUND, at=NOW - tending.LONG_SECONDS, boot="b"), False, True),
        (Tended(state=SOUND, at=NOW + 60, boot="b"), False, True),
    ],
)
def test_a_check_at_a_start_needs_a_reason(last: Tended | None, unclean: bool, due: bool) -> None:
    assert is_due(last, NOW, "b", unclean=unclean) is due


@pytest.mark.long
def test_a_start_looks_once_and_again_after_somebody_was_killed(node: Node) -> None:
    first = tend_if_due(node.source)
    assert first is not None and first.state == SOUND
    assert tend_if_due(node.source) is None
    node.source.lock.write_text("held")
    tend(node.source, mend=False)
    assert tend_if_due(node.source) is None, "the check itself has cleared it"
    node.source.unclean.touch()
    assert tend_if_due(node.source) is not None


@pytest.mark.parametrize(
    ("line", "damage"),
    [
        ("notice: HEAD points to an unborn branch (main)", False),
        ("dangling commit 1234", False),
        ("error in commit 1234: badDate: invalid author/committer line - bad date", False),
        ("warning in tree 1234: zeroPaddedFilemode: contains zero-padded file modes", False),
        ("Checking object directories: 100% (256/256), done.", False),
        ("", False),
        ("missing blob 1234", True),
        ("broken link from tree 1 to blob 2", True),
        ("error: 1234: object corrupt or missing: ./objects/12/34", True),
        ("error: refs/heads/main: invalid sha1 pointer 0000", True),
        ("fatal: loose object 1234 (stored in ./objects/12/34) is corrupt", True),
    ],
)
def test_what_a_person_committed_is_no_damage(line: str, damage: bool) -> None:
    assert bool(found_damage(f"{line}\n")) is damage


@pytest.mark.long
@pytest.mark.parametrize("full", [pytest.param(False, marks=pytest.mark.long), True])
def test_malformed_commits_of_the_remote_are_no_damage(node: Node, full: bool) -> None:
    text = f"tree {node.remote.tree(BASE)}\nauthor Ada <a@b.c> soon\n\nx\n"
    made = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    commit = node.clone.git(*made, stdin=text.encode())
    node.clone.git("update-ref", "refs/heads/odd", commit)
    assert tend(node.source, full=full).state == SOUND


@pytest.mark.long
def test_the_site_is_served_while_its_clone_is_made_anew(
    repository: SiteRepository, site: Site
) -> None:
    made = Made(repository.git.path)
    made.commit(BASE)
    site.sync()
    clone = Made(site.source.repository)
    shutil.rmtree(clone.path / "objects")
    (clone.path / "objects").mkdir()
    newer = made.commit({**BASE, b"content/two.md": b"# Two\n"})
    assert site.get("/one/").status == 200
    report = with_whole_clone(site.source, site.sync)
    assert (report.state, report.new) == (APPLIED, newer)
    assert site.get("/two/").status == 200
    assert with_whole_clone(site.source, site.sync).state == UNCHANGED
    assert site.sync(rebuild=True).digest == report.digest
