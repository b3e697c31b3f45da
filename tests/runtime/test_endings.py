import subprocess
from pathlib import Path
from time import monotonic

from apps.runtime.endings import PROC, ended


def started(script: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def is_over(stat: Path) -> bool:
    """A signal that was sent has yet to be received."""
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_what_a_program_says_is_heard_to_its_end() -> None:
    process = started("echo out; echo err >&2; exit 3")
    assert ended(process, 10) == (b"out\n", b"err\n")
    assert process.returncode == 3


def test_one_that_takes_longer_is_ended_with_all_it_started(tmp_path: Path) -> None:
    """They hold its pipes, so nobody could wait for those."""
    pid = tmp_path / "pid"
    process = started(f"(sleep 60 & echo $! > {pid}; wait) & wait")
    while not pid.exists() or not pid.read_text().strip():
        assert process.poll() is None
    assert ended(process, 0.01) is None
    assert process.returncode is not None
    if PROC.is_dir():
        stat = PROC / pid.read_text().strip() / "stat"
        deadline = monotonic() + 30
        while not is_over(stat):
            assert monotonic() < deadline
