"""Backup files as nobody of ours would write them."""

import gzip
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.backups import archive
from apps.gitsync.backups.archive import (
    Manifest,
    Part,
    described,
    open_archive,
    write_archive,
)
from apps.gitsync.errors import BackupRefused

DIGEST = "0" * 64
END = bytes(1024)
MANIFEST = Manifest(version="1.0.0", made=1, remote="/r", head=None, parts=())


def manifest(*parts: Part, **more: Any) -> bytes:
    return member("backup.json", replace(MANIFEST, parts=parts, **more).encoded())


def member(name: str, content: bytes = b"", *, size: int | None = None, **more: Any) -> bytes:
    made = tarfile.TarInfo(name)
    made.size = len(content) if size is None else size
    for key, value in more.items():
        setattr(made, key, value)
    return made.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


def settings_part(size: int) -> Part:
    return Part("settings.toml", size, DIGEST)


HOSTILE = {
    "empty": b"",
    "text": b"hello" * 1000,
    "compressed": gzip.compress(manifest() + END),
    "no manifest": member("settings.toml", b"x") + END,
    "climbs out": manifest(settings_part(1)) + member("../../etc/passwd", b"x") + END,
    "absolute": member("/backup.json", MANIFEST.encoded()) + END,
    "link": member("backup.json", type=tarfile.SYMTYPE, linkname="/etc/passwd") + END,
    "hard link": member("backup.json", type=tarfile.LNKTYPE, linkname="a") + END,
    "device": member("backup.json", type=tarfile.CHRTYPE) + END,
    "folder": member("backup.json", type=tarfile.DIRTYPE) + END,
    "sparse": member("backup.json", type=tarfile.GNUTYPE_SPARSE) + END,
    "long name": member("backup.json", b"x" * 2000, type=tarfile.GNUTYPE_LONGNAME) + END,
    "extended": member("backup.json", b"x" * 2000, type=tarfile.XHDTYPE) + END,
    "huge manifest": member("backup.json", b" " * (64 * 1024 + 1)) + END,
    "claims to be huge": manifest(settings_part(2**40)) + member("settings.toml", size=2**40) + END,
    "claims to be there": manifest(settings_part(2**32)) + member("settings.toml", size=2**32),
    "below nothing": manifest(settings_part(-512)) + member("settings.toml", size=-512) + END,
    "other size": manifest(settings_part(2)) + member("settings.toml", b"x") + END,
    "other order": manifest(Part("default.sqlite3", 0, DIGEST), settings_part(0))
    + member("default.sqlite3")
    + member("settings.toml")
    + END,
    "twice": manifest(settings_part(0), settings_part(0)) + 2 * member("settings.toml") + END,
    "strange part": manifest(Part("x", 0, DIGEST)) + member("x") + END,
    "newer format": member(
        "backup.json", MANIFEST.encoded().replace(b'"format": 1', b'"format": 2')
    )
    + END,
    "no text": manifest(remote=7) + END,
    "control": manifest(remote="a\x1b[31m") + END,
    "no values": member("backup.json", b"[]") + END,
    "deep": member("backup.json", b"[" * 60_000) + END,
    "cut off": manifest() + END[:-1],
    "more after it": manifest() + END + b"x",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_backup_is_refused_unread(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(content)
    with pytest.raises(BackupRefused) as caught:
        open_archive(file)
    assert caught.value.code == "backup.form"
    assert str(caught.value).isprintable()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused) as caught:
        open_archive(tmp_path / "none.tar")
    assert caught.value.code == "backup.unreadable"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    part = tmp_path / "part"
    part.write_bytes(b"port = 1\n" * 100)
    file = tmp_path / "whole.tar"
    parts = (described(part, "settings.toml"),)
    write_archive(file, replace(MANIFEST, parts=parts), {"settings.toml": part})
    return file


def test_what_is_written_is_read_back(whole: Path, tmp_path: Path) -> None:
    found = open_archive(whole)
    found.check()
    copy = found.extract("settings.toml", tmp_path / "copy")
    assert copy.read_bytes() == b"port = 1\n" * 100
    assert copy.stat().st_mode & 0o777 == 0o600


@settings(max_examples=60)
@given(place=st.integers(min_value=0), value=st.integers(1, 255))
def test_one_changed_byte_is_found(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    part = folder / "part"
    part.write_bytes(b"x" * 700)
    parts = (described(part, "settings.toml"),)
    write_archive(folder / "a", replace(MANIFEST, parts=parts), {"settings.toml": part})
    content = bytearray((folder / "a").read_bytes())
    content[place % len(content)] ^= value
    (folder / "a").write_bytes(content)
    try:
        found = open_archive(folder / "a")
        found.check()
    except BackupRefused:
        return
    assert (folder / "part").read_bytes() == found.extract(
        "settings.toml", folder / "copy"
    ).read_bytes()


def test_a_part_that_no_tar_can_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part").write_bytes(b"12345")
    monkeypatch.setattr(archive, "PART_BYTES", 5)
    assert described(tmp_path / "part", "x").size == 5
    monkeypatch.setattr(archive, "PART_BYTES", 4)
    with pytest.raises(BackupRefused):
        described(tmp_path / "part", "x")
