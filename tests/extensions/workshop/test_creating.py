"""What is begun is whole, and stands in nobody's way."""

from pathlib import Path

import pytest

from apps.extensions.finding import Kind
from apps.extensions.settling import manifest_of
from apps.extensions.workshop.creating import CannotBegin, begin
from apps.extensions.workshop.folders import read_folder


@pytest.mark.parametrize("kind", ["plugin", "theme"])
def test_it_bears_its_own_name(tmp_path: Path, kind: Kind) -> None:
    folder = begin(kind, "long-read", tmp_path)
    assert folder == tmp_path / f"{kind}s" / "long-read"
    files, problems = read_folder(folder)
    manifest = manifest_of(files)
    assert not isinstance(manifest, list) and problems == []
    assert manifest.id == "long-read"


@pytest.mark.parametrize("name", ["", "Long", "1st", "../x", "a b", "a/b", "ä", "x" * 65, "a\n"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotBegin, match="no name"):
        begin("plugin", name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    folder = begin("plugin", "mine", tmp_path)
    (folder / "main.lua").write_text("-- mine")
    with pytest.raises(CannotBegin, match="is there already"):
        begin("plugin", "mine", tmp_path)
    assert (folder / "main.lua").read_text() == "-- mine"


def test_the_folder_of_the_site_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CannotBegin, match="there is no folder"):
        begin("plugin", "mine", tmp_path / "nowhere")


def test_what_could_not_be_written_whole_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *values: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CannotBegin, match="No space left"):
        begin("plugin", "mine", tmp_path)
    assert not (tmp_path / "plugins" / "mine").exists()
