"""Whatever is packed: files below a folder come out of it, or nothing does."""

import gzip
import stat
import tarfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from apps.content.carrying import as_text
from apps.extensions import limits
from apps.extensions.sandbox.archive_worker import open as opened
from apps.extensions.sandbox.unpacking import Unpackable, is_fit, unpacked
from tests.extensions.packing import tarred, zipped
from tests.tables import each_of

FILES = {"toc/plugin.toml": b'id = "toc"\n', "toc/main.lua": b"-- nothing\n"}


PACKERS: list[Any] = [zipped, tarred, lambda files: gzip.compress(tarred(files))]


def code(content: bytes) -> str:
    with pytest.raises(Unpackable) as caught:
        unpacked(content)
    return caught.value.code


@pytest.mark.parametrize("pack", PACKERS)
def test_the_files_come_out_as_they_went_in(pack: Any) -> None:
    hidden = {"toc/.git/config": b"x", ".DS_Store": b"y"}
    assert unpacked(pack({**FILES, **hidden})) == FILES


@each_of("pack", PACKERS)
@each_of("path", ["../x", "toc/../../x", "/etc/x", "a//b", "C:/x", "a\\b", "a\nb", "a/" * 16 + "b"])
def test_a_name_that_leads_elsewhere_refuses_the_whole(pack: Any, path: str) -> None:
    assert code(pack({**FILES, path: b""})) == "packed.path"


def test_links_and_devices_are_refused() -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        info = tarfile.TarInfo("toc/link")
        info.type, info.linkname = kind, "/etc/passwd"
        assert code(tarred(FILES, info)) == "path.link"
    assert code(zipped(FILES, mode=stat.S_IFLNK | 0o777)) == "path.link"


@pytest.mark.long
@pytest.mark.parametrize("pack", PACKERS)
def test_no_more_is_unpacked_than_an_extension_may_have(pack: Any) -> None:
    most = bytes(limits.FILE_BYTES)
    assert unpacked(pack({"toc/a": most})) == {"toc/a": most}
    assert code(pack({"toc/a": most + b"\0"})) == "document.too-large"
    full = limits.EXTENSION_BYTES // limits.FILE_BYTES
    assert len(unpacked(pack({f"{n}": most for n in range(full)}))) == full
    assert code(pack({f"{n}": most for n in range(full + 1)})) == "packed.large"


def test_a_bomb_is_left_where_it_is() -> None:
    assert code(gzip.compress(bytes(limits.PACKED_TAR_BYTES + 1))) == "packed.large"


@pytest.mark.long
@pytest.mark.parametrize("pack", PACKERS)
def test_files_are_counted(pack: Any) -> None:
    most = {f"{n}": b"" for n in range(limits.FILES)}
    assert len(unpacked(pack(most))) == limits.FILES
    assert code(pack({**most, "more": b""})) == "folder.many"


def test_what_stands_twice_is_refused() -> None:
    twice = tarred({"toc/a": b"1"})[:1024] + tarred({"toc/a": b"2"})
    assert code(twice) == "packed.twice"


def test_what_is_no_archive_is_said_to_be_none() -> None:
    assert code(b"") == code(b"hello") == "packed.kind"
    assert code(zipped(FILES)[:-30]) == "packed.broken"


ARCHIVES = [pack(FILES) for pack in PACKERS]


@settings(max_examples=30, deadline=None)
@given(some.sampled_from(ARCHIVES), some.data())
def test_no_damage_ends_in_anything_but_files_or_a_refusal(
    whole: bytes, data: some.DataObject
) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(some.integers(1, 8))):
        damaged[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    answer = opened({})({"content": as_text(bytes(damaged))})
    assert all(map(is_fit, answer.get("files", {}))) and answer.keys() <= {"files", "refused"}
