from pathlib import Path

import pytest

from apps.content.configuration import read_configuration
from apps.content.entries import Asset, Entry
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.assets import (
    IN_MEMORY,
    POINTER_BYTES,
    POINTER_START,
    asset_entries,
    is_lfs_pointer,
    store_assets,
)
from apps.gitsync.syncing.plan import SourceFile
from tests.content.entries import files
from tests.gitsync.repositories import Made

SITE = read_configuration("[whispercms]\n", frozenset({"config.toml", "content"}))
POINTER = POINTER_START + b"v1\noid sha256:00\nsize 3\n"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


def entries(*sources: str, size: int = 3, limit: int = 10) -> list[Entry]:
    named = [SourceFile(source, "b" * 40) for source in sources]
    return list(asset_entries(SITE, named, {"b" * 40: size}, limit))


def stored(made: Made, folder: Path, *contents: bytes) -> list[Entry]:
    wanted = []
    for number, content in enumerate(contents):
        blob = made.blob(content)
        source = f"media/{number}"
        wanted.append(Entry(source=source, asset=Asset(source, blob, f"/{source}", len(content))))
    return store_assets(Repository(made.path), files(folder), wanted)


def on_disk(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_asset_has_its_url_and_size() -> None:
    (entry,) = entries("content/a b.png")
    assert entry.asset == Asset("content/a b.png", "b" * 40, "/a b.png", 3)


def test_an_asset_at_the_limit_is_taken_and_one_byte_more_is_reported() -> None:
    assert entries("media/a", size=10)[0].asset
    (entry,) = entries("media/a", size=11)
    assert entry.asset is None
    assert [(p.path, p.code) for p in entry.problems] == [("media/a", "asset.too-large")]
    assert "asset_megabytes" in entry.problems[0].reason


def test_an_asset_that_can_have_no_url_is_reported() -> None:
    (entry,) = entries("static/admin/x.js")
    assert [problem.code for problem in entry.problems] == ["asset.address"]


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1])
def test_bytes_are_stored_whole_whatever_their_number(
    made: Made, tmp_path: Path, size: int
) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    (entry,) = stored(made, tmp_path / "node", content)
    assert entry.asset
    assert files(tmp_path / "node").asset(entry.asset.blob).read_bytes() == content


def test_the_same_bytes_are_stored_once(made: Made, tmp_path: Path) -> None:
    stored(made, tmp_path / "node", b"one", b"one", b"two")
    assert on_disk(tmp_path / "node" / "assets") == [b"one", b"two"]


def test_what_is_there_is_not_written_again(made: Made, tmp_path: Path) -> None:
    (entry,) = stored(made, tmp_path / "node", b"one")
    assert entry.asset
    path = files(tmp_path / "node").asset(entry.asset.blob)
    before = path.stat()
    stored(made, tmp_path / "node", b"one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("left", [b"", b"on"])
def test_a_file_that_lost_bytes_is_written_again(made: Made, tmp_path: Path, left: bytes) -> None:
    """As after a power cut, which files may survive as names only."""
    (entry,) = stored(made, tmp_path / "node", b"one")
    assert entry.asset
    path = files(tmp_path / "node").asset(entry.asset.blob)
    path.write_bytes(left)
    stored(made, tmp_path / "node", b"one")
    assert path.read_bytes() == b"one"


def test_nothing_half_written_stays_after_a_failure(made: Made, tmp_path: Path) -> None:
    lost = Entry(source="media/x", asset=Asset("media/x", "1" * 40, "/media/x", IN_MEMORY + 1))
    with pytest.raises(Exception, match=r"."):
        store_assets(Repository(made.path), files(tmp_path / "node"), [lost])
    assert on_disk(tmp_path / "node") == []


def test_an_lfs_pointer_is_reported_and_not_served(made: Made, tmp_path: Path) -> None:
    first, second = stored(made, tmp_path / "node", POINTER, b"fine")
    assert first.asset is None
    assert [(p.path, p.code) for p in first.problems] == [("media/0", "asset.lfs-pointer")]
    assert second.asset
    assert on_disk(tmp_path / "node" / "assets") == [b"fine"]


def test_an_lfs_pointer_is_short_and_begins_as_one() -> None:
    assert is_lfs_pointer(POINTER)
    assert is_lfs_pointer(POINTER.ljust(POINTER_BYTES))
    assert not is_lfs_pointer(POINTER.ljust(POINTER_BYTES + 1))
    assert not is_lfs_pointer(b"x" + POINTER)
    assert not is_lfs_pointer(b"")


def test_entries_without_assets_pass_through(made: Made, tmp_path: Path) -> None:
    (left_out,) = entries("media/a", size=11)
    assert store_assets(Repository(made.path), files(tmp_path), [left_out]) == [left_out]
