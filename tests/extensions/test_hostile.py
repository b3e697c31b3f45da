"""Every hostile program of the corpus ends as its manifest allows, and hurts nobody."""

import os
from pathlib import Path

import pytest

from apps.runtime.workers import Workers
from tests.extensions.corpus import Case, failures, main, read_cases

PROJECT = Path(__file__).parents[2]
FOLDER = (PROJECT / os.environ.get("WHISPERCMS_HOSTILE", "../shared/hostile")).resolve()
SAMPLES = ("045-", "027-", "114-", "138-", "177-")
"""One of each class for every run of the tests; the rest belongs to the long ones."""


def cases() -> list[object]:
    if not (FOLDER / "MANIFEST.tsv").is_file():
        missing = pytest.mark.skip(
            reason=f"no hostile programs in {FOLDER}: set WHISPERCMS_HOSTILE"
        )
        return [pytest.param(None, id="missing", marks=missing)]
    return [
        pytest.param(
            case, id=case.name, marks=() if case.name.startswith(SAMPLES) else pytest.mark.long
        )
        for case in read_cases(FOLDER)
    ]


@pytest.mark.parametrize("case", cases())
def test_a_hostile_program_is_contained(workers: Workers, case: Case) -> None:
    assert failures(workers, case) == []


def test_a_manifest_is_read_as_people_write_it(tmp_path: Path) -> None:
    for name in ("a.lua", "b.lua"):
        (tmp_path / name).write_text("return 1")
    rows = "file\texpect\talso_ok\na.lua\tdenied\ttimeout, memory \n\nb.lua\ttimeout\n"
    (tmp_path / "MANIFEST.tsv").write_text(rows)
    first, second = read_cases(tmp_path)
    assert first.allowed == {"denied", "timeout", "memory"}
    assert "timeout" in second.allowed


def test_a_folder_without_programs_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST.tsv").write_text("file\texpect\talso_ok\n")
    assert main(str(tmp_path)) == 1
