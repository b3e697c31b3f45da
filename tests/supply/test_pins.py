"""What is installed is what was pinned: everything has hashes, and they are asked for."""

import re
from pathlib import Path

import pytest

from supply.pins import ROOT, pins

COMPILED = sorted((ROOT / "requirements").glob("*.txt"))
INSTALLING = re.compile(r"\bpip3?\s+(?:install|sync)\b[^\n`]*")
MACHINES = ("Makefile", ".ci/run", "Procfile", "README.md", "docs/*.md", "Dockerfile*", "*.sh")


def test_there_are_requirements_to_look_at() -> None:
    assert [path.name for path in COMPILED] == ["base.txt", "dev.txt"]


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: str(path.name))
def test_every_requirement_is_one_version_with_hashes(path: Path) -> None:
    found = pins(path)
    assert len(found) > 50
    assert [pin.name for pin in found if not pin.version or not pin.hashes] == []


def test_what_is_tested_is_what_runs() -> None:
    tested = {(pin.name, pin.version, pin.hashes) for pin in pins(ROOT / "requirements/dev.txt")}
    running = {(pin.name, pin.version, pin.hashes) for pin in pins()}
    assert running <= tested


def test_the_platforms_file_is_the_pinned_one_and_nothing_else() -> None:
    """pip asks for hashes of everything once anything in a file has one."""
    assert (ROOT / "requirements.txt").read_text().split() == ["-r", "requirements/base.txt"]


def test_every_command_that_installs_asks_for_hashes() -> None:
    files = sorted({path for pattern in MACHINES for path in ROOT.glob(pattern)})
    commands = [c for path in files for c in INSTALLING.findall(path.read_text("utf-8"))]
    assert commands, "nothing installs anything"
    assert [command for command in commands if "--require-hashes" not in command] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a==1", ("1", 0)),
        ("a>=1 --hash=sha256:" + "0" * 64, ("", 1)),
        ("a==1.* --hash=sha256:" + "0" * 64, ("", 1)),
        ("a==1 --hash=md5:" + "0" * 32, ("1", 0)),
        ("a==1 ; sys_platform == 'x' \\\n    --hash=sha256:" + "0" * 64, ("1", 1)),
    ],
)
def test_a_pin_that_is_none_is_seen(tmp_path: Path, line: str, told: tuple[str, int]) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"# a comment\n{line}\n    # via b\n")
    (pin,) = pins(file)
    assert (pin.version, len(pin.hashes)) == told
