"""A clone is put together now and then: nothing is lost, whoever reads, writes or is killed."""

import os
import time
from pathlib import Path

import pytest

from apps.gitsync.clone import packing
from apps.gitsync.clone.integrity import check
from apps.gitsync.clone.packing import (
    LEFT_SECONDS,
    LOOSE_OBJECTS,
    PACKED,
    PACKS,
    UNFINISHED,
    UNNEEDED,
    Store,
    is_worth_it,
    pack,
    read_packing,
    remove_leftovers,
    store_of,
)
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from tests.gitsync.repositories import Made

OURS = ("heads/main", "whispercms/drafts/ada/1", "whispercms/conflicts/1", "whispercms/releases/1")


@pytest.fixture
def source(tmp_path: Path) -> SiteSource:
    return SiteSource(remote="/nowhere", branch=None, folder=tmp_path, asset_bytes=1)


@pytest.fixture
def made(source: SiteSource) -> Made:
    """Each of our own refs at a commit that no other one leads to, and a commit that none does."""
    made = Made(source.repository)
    for number, ref in enumerate((*OURS, "whispercms/x")):
        made.commit({b"a": b"%d" % number}, branch="x", parents=[])
        made.git("update-ref", f"refs/{ref}", "refs/heads/x")
        if number % 2:
            made.git("repack", "-dq")
    made.git("update-ref", "-d", "refs/heads/x")
    made.git("update-ref", "-d", "refs/whispercms/x")
    return made


def objects(made: Made) -> set[str]:
    every = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return set(made.git(*every).split())


def test_all_objects_are_in_fewer_files_and_none_is_lost(made: Made, source: SiteSource) -> None:
    before, refs = objects(made), made.git("for-each-ref")
    old = store_of(Repository(made.path))
    done = pack(source, time.time(), force=True)
    assert done.state == PACKED
    assert (old.loose > 0, old.packs > 1) == (True, True)
    assert (done.store.loose, done.store.packs) == (0, 1)
    assert objects(made) == before
    assert made.git("for-each-ref") == refs
    assert check(Repository(made.path), full=True) == ()
    assert read_packing(source) == done


def test_what_is_in_good_order_is_left_alone(made: Made, source: SiteSource) -> None:
    before = store_of(Repository(made.path))
    assert pack(source, time.time()).state == UNNEEDED
    assert store_of(Repository(made.path)) == before


@pytest.mark.parametrize(
    ("loose", "packs", "wanted"),
    [(LOOSE_OBJECTS, PACKS, False), (LOOSE_OBJECTS + 1, 0, True), (0, PACKS + 1, True)],
)
def test_it_is_worth_its_time_at_the_bound(loose: int, packs: int, wanted: bool) -> None:
    assert is_worth_it(Store(loose=loose, packs=packs, bytes=1, garbage=0)) is wanted


def test_what_killed_gits_left_goes_after_a_day_and_nothing_else(
    made: Made, source: SiteSource
) -> None:
    now, kept = time.time(), sorted(path for path in made.path.rglob("*") if path.is_file())
    folders = [made.path / "objects" / "pack", made.path / "objects" / made.git("write-tree")[:2]]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    old, young = (folders[0] / f"tmp_pack_{age}" for age in ("old", "young"))
    others = [folders[0] / ".tmp-7-pack-1.pack", folders[1] / "tmp_obj_1"]
    for path in (old, young, *others):
        path.touch()
        age = LEFT_SECONDS + (-1 if path == young else 1)
        os.utime(path, (now - age, now - age))
    ancient = folders[0] / f"pack-{'1' * 40}.pack"
    ancient.touch()
    os.utime(ancient, (0, 0))
    assert remove_leftovers(made.path, now) == 3
    there = {path for path in made.path.rglob("*") if path.is_file()}
    assert there >= {*kept, young, ancient}
    assert not there & {old, *others}


@pytest.mark.long
def test_a_reader_that_began_before_goes_on(made: Made, source: SiteSource) -> None:
    """It holds what is removed under it."""
    reader = Repository(made.path)
    blobs = [made.git("rev-parse", f"refs/{ref}:a") for ref in OURS]
    with reader._batch("--batch", blobs) as stream:
        first = stream.readline()
        pack(source, time.time(), force=True)
        assert first.split()[0].decode() == blobs[0]
        rest = stream.read()
    assert all(blob.encode() in rest for blob in blobs[1:])
    assert b"missing" not in rest


@pytest.mark.long
def test_it_ends_in_time_and_the_clone_is_as_it_was(
    made: Made, source: SiteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = objects(made)
    monkeypatch.setattr(packing, "PACK_SECONDS", 0.001)
    done = pack(source, time.time(), force=True)
    assert done.state == UNFINISHED and done.reason
    assert objects(made) == before
    monkeypatch.undo()
    assert pack(source, time.time(), force=True).state == PACKED
    assert objects(made) == before


@pytest.mark.long
def test_a_damaged_object_is_left_for_who_can_mend_it(made: Made, source: SiteSource) -> None:
    before = objects(made)
    damaged = made.blob(b"damaged")
    path = made.path / "objects" / damaged[:2] / damaged[2:]
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    pack(source, time.time(), force=True)
    assert path.read_bytes() == b"garbage"
    assert objects(made) >= before
