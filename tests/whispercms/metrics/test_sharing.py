import os
import subprocess
import sys
from pathlib import Path

import pytest

from apps.delivery.measures import BUCKETS, Times
from whispercms.metrics import families
from whispercms.metrics.families import Sample
from whispercms.metrics.sharing import Shared

HERE, PARENT = os.getpid(), os.getppid()
CALLS = Sample(families.CALLS, ("theme:plain", "answers"), 3.0)
TIMES = Sample(families.SECONDS, ("a/b", "hit"), Times((1, *[0] * len(BUCKETS)), 0.25))
ROOM = Sample(families.CACHE_ENTRIES, (), 2.0)


@pytest.fixture(scope="module")
def gone() -> int:
    """A process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def shared(folder: Path, process: int, parent: int = PARENT) -> Shared:
    made = Shared(folder / "metrics", parent, process)
    made.begin()
    return made


def test_what_one_tells_the_other_reads(tmp_path: Path) -> None:
    one, other = shared(tmp_path, HERE), shared(tmp_path, PARENT)
    one.tell([CALLS, TIMES, ROOM])
    assert other.others() == [CALLS, TIMES, ROOM]
    assert one.others() == []


def test_of_one_that_has_ended_only_what_it_did_counts(tmp_path: Path, gone: int) -> None:
    asked = shared(tmp_path, HERE)
    shared(tmp_path, gone).tell([CALLS, TIMES, ROOM])
    assert asked.others() == [CALLS, TIMES]


def test_whoever_starts_takes_over_what_those_before_had_counted(tmp_path: Path, gone: int) -> None:
    shared(tmp_path, gone).tell([CALLS, ROOM])
    successor, third = shared(tmp_path, HERE), shared(tmp_path, PARENT)
    assert successor.own([CALLS, ROOM]) == [Sample(CALLS.family, CALLS.labels, 6.0), ROOM]
    assert third.others() == []
    successor.tell([CALLS])
    assert third.others() == [Sample(CALLS.family, CALLS.labels, 6.0)]
    assert len(list((tmp_path / "metrics").iterdir())) == 1


def test_other_servers_of_the_same_folder_have_no_part_in_it(tmp_path: Path, gone: int) -> None:
    shared(tmp_path, PARENT, parent=gone).tell([CALLS])
    shared(tmp_path, PARENT, parent=HERE).tell([CALLS])
    asked = shared(tmp_path, HERE)
    assert asked.others() == []
    names = {path.name for path in (tmp_path / "metrics").iterdir()}
    assert names == {f"{HERE}-{PARENT}.json"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "null", "{}", "[1]", '[["whispercms_unknown", [], 1]]'),
        *('[["whispercms_cache_entries", ["one"], 1]]', '[["whispercms_cache_entries", [], "x"]]'),
        '[["whispercms_request_seconds", ["a", "b"], [[1], 1]]]',
    ],
)
def test_a_file_that_says_nothing_it_knows_is_no_failure(tmp_path: Path, text: str) -> None:
    asked = shared(tmp_path, HERE)
    (tmp_path / "metrics" / f"{PARENT}-{PARENT}.json").write_text(text)
    assert asked.others() == []


def test_its_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    shared(tmp_path, HERE)
    assert (tmp_path / "metrics").stat().st_mode & 0o077 == 0
