"""What processes that are forked, and the next start, need not find out again."""

from pathlib import Path

import pytest

from apps.content import rendering
from apps.content.rendering import Asciidoctor, find_asciidoctor
from apps.runtime.workers import Workers
from whispercms.prepared import Prepared, recall, write

SAYS = '#!/bin/sh\necho "Asciidoctor {}"\n'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only one there is, and nobody has asked it."""
    path = tmp_path / "asciidoctor"
    path.write_text(SAYS.format("2.0.1"))
    path.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(path))
    monkeypatch.setattr(rendering, "_KNOWN", {})
    return path


@pytest.mark.parametrize("program", [None, Asciidoctor("/usr/bin/asciidoctor", "2.0.18", "1-2")])
def test_what_was_found_is_handed_on_as_it_was(program: Asciidoctor | None) -> None:
    found = Prepared({"seccomp": "proved", "core": "missing: why"}, program)
    assert Prepared.of_text(found.as_text()) == found


def test_a_program_is_remembered_as_long_as_it_is_the_same_file(
    tmp_path: Path, program: Path, unasked: Workers
) -> None:
    file = tmp_path / "prepared.json"
    known = Asciidoctor(str(program), "1.9", rendering._file(str(program)))
    write(file, Prepared({}, known))
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["asciidoctor", "prepared.json"]
    recall(file)
    assert find_asciidoctor(unasked) == known
    program.write_text(SAYS.format("2.0.2 or later"))
    assert find_asciidoctor(unasked) is None


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "[]", "{}", '{"asciidoctor": 1}', '{"asciidoctor": {"path": []}}', "null"],
)
def test_what_cannot_be_read_is_nothing(
    tmp_path: Path, program: Path, unasked: Workers, text: str | None
) -> None:
    file = tmp_path / "prepared.json"
    if text is not None:
        file.write_text(text)
    recall(file)
    assert find_asciidoctor(unasked) is None


@pytest.fixture
def unasked(tmp_path: Path) -> Workers:
    """They cannot run a program, so that only what is remembered is found."""
    return Workers(root=tmp_path)
