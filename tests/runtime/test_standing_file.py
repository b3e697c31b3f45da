import json
import subprocess
from pathlib import Path

import pytest

from apps.runtime.standing_file import read_standings, troubles, write_standings
from apps.runtime.supervision import Standing, State

STANDINGS = {
    "web": Standing(state=State.RUNNING),
    "queue": Standing(state=State.FAILED, failures=20, reason="exit code 1"),
}


def test_what_is_written_is_read_while_the_writer_lives(tmp_path: Path) -> None:
    write_standings(tmp_path / "programs.json", STANDINGS)
    assert read_standings(tmp_path / "programs.json") == STANDINGS
    assert [path.name for path in tmp_path.iterdir()] == ["programs.json"]


def test_those_of_a_process_that_is_gone_are_none(tmp_path: Path) -> None:
    path = tmp_path / "programs.json"
    write_standings(path, STANDINGS)
    ended = subprocess.Popen(["true"])
    ended.wait()
    path.write_text(json.dumps({**json.loads(path.read_text()), "process": ended.pid}))
    assert read_standings(path) == {}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"process": "x"}', '{"process": 1, "parts": {"a": {}}}']
)
def test_a_file_that_is_none_of_ours_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "programs.json").write_text(text)
    assert read_standings(tmp_path / "programs.json") == {}


def test_a_missing_file_says_nothing(tmp_path: Path) -> None:
    assert read_standings(tmp_path / "programs.json") == {}


def test_only_what_was_given_up_is_trouble_and_its_reason_is_not_for_everybody() -> None:
    assert troubles(STANDINGS) == {"queue": "queue has failed and was given up"}
