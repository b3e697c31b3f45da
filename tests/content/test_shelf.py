"""Renditions as files of a node."""

import os
from pathlib import Path

import pytest

from apps.content.images.bounds import SHELF_PART, USED_SECONDS
from apps.content.shelf import DIGEST, Shelf, digest_of

NOW = 1_700_000_000.0


def test_what_was_put_is_found_with_the_digest_of_its_bytes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "images", 1000)
    assert shelf.find("abcd") is None
    put = shelf.put("abcd", b"content")
    assert shelf.find("abcd") == put
    assert put.path.read_bytes()[: put.length] == b"content"
    assert put.digest == digest_of(b"content").hex()
    assert Shelf(tmp_path / "images", 1000).find("abcd") == put, "by another process too"


def test_what_was_cut_short_is_not_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    shelf.put("abcd", b"content").path.write_bytes(b"x" * (DIGEST - 1))
    assert shelf.find("abcd") is None


@pytest.mark.parametrize(("more", "left"), [(0, 4), (1, 3)])
def test_the_least_recently_used_give_way(tmp_path: Path, more: int, left: int) -> None:
    size = 100 - DIGEST
    shelf = Shelf(tmp_path, 400)
    for number in range(3):
        path = shelf.put(f"aa{number}", b"x" * size).path
        os.utime(path, (NOW + number, NOW + number))
    os.utime(tmp_path / "aa" / "0", (NOW + 9, NOW + 9))
    shelf.put("bb9", b"x" * (size + more))
    there = sorted(path.name for path in tmp_path.glob("*/*"))
    assert len(there) == left
    assert there == (["0", "1", "2", "9"] if left == 4 else ["0", "2", "9"])


def test_a_use_is_remembered_about_once_an_hour(tmp_path: Path) -> None:
    now = NOW
    shelf = Shelf(tmp_path, 1000, lambda: now)
    path = shelf.put("abcd", b"x").path
    for passed, told in ((USED_SECONDS, NOW), (USED_SECONDS + 1, NOW + USED_SECONDS + 1)):
        os.utime(path, (NOW, NOW))
        now = NOW + passed
        shelf.find("abcd")
        assert path.stat().st_mtime == told


def test_the_folder_is_looked_through_only_after_much_was_written(tmp_path: Path) -> None:
    """The first time at once: nobody knows what there is."""
    shelf = Shelf(tmp_path, 100 * SHELF_PART)
    shelf.put("aa0", b"x")
    for number in range(1, 40):
        (tmp_path / "aa" / str(number)).write_bytes(b"x" * 100)
    shelf.put("bb0", b"x" * (50 - DIGEST))
    assert len(list(tmp_path.glob("*/*"))) == 41
    shelf.put("bb1", b"x" * (51 - DIGEST))
    taken = sum(path.stat().st_size for path in tmp_path.glob("*/*"))
    assert taken <= 100 * SHELF_PART


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ab").write_text("a file where a folder should be")
    with pytest.raises(OSError):
        Shelf(tmp_path, 1000).put("abcd", b"x")
    assert [path.name for path in tmp_path.rglob("*")] == ["ab"]
