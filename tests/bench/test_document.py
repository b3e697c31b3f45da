"""What was measured is written between two markers, and the page explains each name."""

from pathlib import Path

import pytest

from bench import document
from bench.__main__ import MEASUREMENTS
from bench.report import Figure
from tests import docs

FIGURES = [
    Figure(name="hit_granian", value=8000, unit="req/s", of="floor_granian"),
    Figure(name="floor_granian", value=16000, unit="req/s"),
    Figure(name="mixed_p95_ms", value=12.5, unit="ms"),
]


def test_every_figure_is_explained_and_nothing_else_is() -> None:
    told = {row[0].strip("`") for row in docs.table("performance.md", "What the names mean")}
    assert told == {name for each in MEASUREMENTS for name in each.figures}


def test_the_tables_take_the_place_of_those_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before\n\n{document.BEGIN}\n\nwas here\n\n{document.END}\n\nAfter\n")
    document.write(FIGURES, "python -m bench all", page)
    once = page.read_text()
    document.write(FIGURES, "python -m bench all", page)
    assert page.read_text() == once
    assert once.startswith("Before\n\n")
    assert once.endswith("\n\nAfter\n")
    assert "was here" not in once
    assert "| `hit_granian` | 0.5 | `floor_granian` |  |" in once
    assert "| `mixed_p95_ms` |  |  | 12.5 ms |" in once
    assert "at least 0.25" in once


def test_no_absolute_speed_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{document.BEGIN}\n{document.END}")
    document.write(FIGURES, "python -m bench", page)
    assert "16" not in page.read_text().partition("| name |")[2].replace("0.5", "")


def test_a_page_without_a_place_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Nothing here.\n")
    with pytest.raises(ValueError, match="no place"):
        document.write(FIGURES, "python -m bench", page)
    assert page.read_text() == "Nothing here.\n"
