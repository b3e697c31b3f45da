"""Whatever moment an export ends at, the next one makes the folder whole."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.delivery.exporting import landing
from apps.delivery.exporting.bounds import MANIFEST, STAGING
from apps.delivery.exporting.collecting import Collected
from apps.delivery.exporting.folder import FolderFault, opened
from apps.delivery.exporting.making import Made
from apps.delivery.exporting.manifest import Manifest
from apps.delivery.exporting.verifying import verify

FIRST = {"a": b"1", "b/index.html": b"2", "c/d/e": b"3", "same": b"4"}
SECOND = {"a/index.html": b"5", "b": b"6", "c/d/e": b"7", "new": b"8", "same": b"4"}


def export(place: Path, files: Mapping[str, bytes], *, ends_at: int = -1) -> landing.Changes:
    """`ends_at`: the landing of the file of that number fails, as if it was the last moment."""
    with opened(place, make=True) as folder:
        assert folder
        ours = landing.begin(folder, stages=True)
        found = Collected(folder, stages=True)
        for path, content in files.items():
            found.put(path, content, "text/plain")
        listed = tuple(found.files[path] for path in sorted(files))
        manifest = Manifest(commit="c", files=listed)
        made = landing.changes(folder, ours, manifest.paths, found.staged)
        if 0 <= ends_at < len(made.written):
            found.staged[made.written[ends_at]] = "gone"
        landing.land(folder, ours, manifest, found.staged, made)
        return made


def there(place: Path) -> dict[str, bytes]:
    found = {p.relative_to(place).as_posix(): p for p in place.rglob("*") if p.is_file()}
    return {path: file.read_bytes() for path, file in found.items() if path != MANIFEST}


@pytest.mark.parametrize("moment", range(4))
def test_one_that_ended_too_early_is_made_whole_by_the_next(tmp_path: Path, moment: int) -> None:
    export(tmp_path, FIRST)
    with pytest.raises(FileNotFoundError):
        export(tmp_path, SECOND, ends_at=moment)
    assert (tmp_path / STAGING).exists()
    export(tmp_path, SECOND)
    assert there(tmp_path) == SECOND and verify(tmp_path).is_whole


def test_it_may_be_another_export_that_follows(tmp_path: Path) -> None:
    export(tmp_path, FIRST)
    with pytest.raises(FileNotFoundError):
        export(tmp_path, SECOND, ends_at=3)
    assert "c/d/e" in there(tmp_path) and "b" in there(tmp_path)
    made = export(tmp_path, FIRST)
    assert there(tmp_path) == FIRST and made.foreign == ()


def test_somebody_elses_file_is_kept_or_refuses_it(tmp_path: Path) -> None:
    export(tmp_path, FIRST)
    (tmp_path / "b/own").write_bytes(b"mine")
    (tmp_path / "new").write_bytes(SECOND["new"])
    with pytest.raises(FolderFault, match=r"b/own: is in the way"):
        export(tmp_path, SECOND)
    (tmp_path / "b/own").rename(tmp_path / "own")
    made = export(tmp_path, SECOND)
    assert made.foreign == ("own",) and "new" not in made.written, "its bytes were there already"
    assert export(tmp_path, {"a": b"1"}).removed == ("a/index.html", "b", "c/d/e", "new", "same")
    assert there(tmp_path) == {"a": b"1", "own": b"mine"}
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("name", ["c", "c/d", "c/d/e", STAGING, MANIFEST])
def test_no_symbolic_link_is_followed(tmp_path: Path, name: str) -> None:
    place, outside = tmp_path / "export", tmp_path / "outside"
    outside.mkdir()
    (outside / "e").write_bytes(b"theirs")
    link = place / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside / "e" if name in ("c/d/e", MANIFEST) else outside)
    with pytest.raises(FolderFault, match="symbolic link"):
        export(place, FIRST)
    assert there(outside) == {"e": b"theirs"} and link.is_symlink()


def test_what_the_list_does_not_say_is_found(tmp_path: Path) -> None:
    export(tmp_path, FIRST)
    (tmp_path / "a").write_bytes(b"!")
    (tmp_path / "c/d/e").unlink()
    (tmp_path / "own").write_bytes(b"mine")
    found = verify(tmp_path)
    assert (found.changed, found.missing, found.foreign) == (("a",), ("c/d/e",), ("own",))
    assert not found.is_whole
    export(tmp_path, FIRST)
    assert verify(tmp_path).is_whole
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_name_that_is_no_text_is_told_as_it_can_be(tmp_path: Path) -> None:
    export(tmp_path, FIRST)
    (tmp_path / os.fsdecode(b"not\xfftext")).write_bytes(b"mine")
    assert verify(tmp_path).foreign == export(tmp_path, FIRST).foreign == ("not\\xfftext",)


def test_a_list_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(FolderFault, match="export to another folder"):
        export(tmp_path, FIRST)
    assert (tmp_path / MANIFEST).read_text() == "{}"
    with pytest.raises(FolderFault, match="exportsite"):
        verify(tmp_path / "nowhere")


def test_two_addresses_cannot_have_one_place(tmp_path: Path) -> None:
    with opened(tmp_path, make=True) as folder:
        found = Collected(folder, stages=True)
        for address in ("/a/", "/a/index.html"):
            found.take(Made(address, "text/html", b"x"))
        assert [each.path for each in found.clashes] == ["/a/index.html"]
        digest = hashlib.sha256(b"x").hexdigest()
        assert [(each.path, each.sha256) for each in found.files.values()] == [
            ("a/index.html", digest)
        ]
