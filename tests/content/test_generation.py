import os
from pathlib import Path

from apps.content.generation import Generation


def test_it_begins_at_nought(tmp_path: Path) -> None:
    generation = Generation(tmp_path / "new" / "generation")
    assert generation.read() == 0
    generation.close()


def test_a_bump_is_seen_by_everybody_who_has_it_open(tmp_path: Path) -> None:
    writer, reader = Generation(tmp_path / "g"), Generation(tmp_path / "g")
    assert writer.bump() == 1
    assert writer.bump() == 2
    assert reader.read() == 2
    writer.close()
    reader.close()


def test_a_bump_in_another_process_is_seen_here(tmp_path: Path) -> None:
    generation = Generation(tmp_path / "g")
    child = os.fork()
    if child == 0:
        Generation(tmp_path / "g").bump()
        os._exit(0)
    os.waitpid(child, 0)
    assert generation.read() == 1
    generation.close()


def test_the_number_outlives_its_readers(tmp_path: Path) -> None:
    first = Generation(tmp_path / "g")
    first.bump()
    first.close()
    again = Generation(tmp_path / "g")
    assert again.read() == 1
    again.close()


def test_a_file_that_is_too_short_is_filled_up(tmp_path: Path) -> None:
    (tmp_path / "g").write_bytes(b"\x05")
    generation = Generation(tmp_path / "g")
    assert generation.read() == 5
    assert generation.bump() == 6
    generation.close()
