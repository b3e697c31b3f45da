"""An outside program under the program profile, with programs that every system has."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from apps.runtime.faults import WorkerError, WorkerTimeout
from apps.runtime.limits import MIB
from apps.runtime.workers import WorkerPool
from tests.runtime.pools import MakePool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all layers")


def pool_for(make_pool: MakePool, *argv: str, seconds: float = 5.0, **setup: Any) -> WorkerPool:
    return make_pool(
        "apps.runtime.program_worker",
        setup={"argv": list(argv), "seconds": seconds, **setup},
        program=argv[0],
    )


def test_its_output_is_the_answer(make_pool: MakePool) -> None:
    assert pool_for(make_pool, "/bin/cat").call("é = 1\n") == "é = 1\n"


def test_it_runs_anew_for_each_request(make_pool: MakePool) -> None:
    pool = pool_for(make_pool, "/bin/cat")
    assert [pool.call(text) for text in ("a", "", "b")] == ["a", "", "b"]


def test_more_than_a_pipe_holds_passes(make_pool: MakePool) -> None:
    assert pool_for(make_pool, "/bin/cat").call("x" * MIB) == "x" * MIB


def test_a_program_which_does_not_read_is_no_error(make_pool: MakePool) -> None:
    assert pool_for(make_pool, "/bin/echo", "done").call("x" * MIB) == "done\n"


def test_output_is_bounded(make_pool: MakePool) -> None:
    assert pool_for(make_pool, "/bin/cat", bytes=5).call("12345") == "12345"
    with pytest.raises(WorkerError, match="more than 5 bytes"):
        pool_for(make_pool, "/bin/cat", bytes=5).call("123456")


def test_a_failure_names_the_status(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError, match="status 1"):
        pool_for(make_pool, "/bin/false").call("")


def test_a_missing_program_is_named(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError, match="/usr/bin/no-such-program"):
        pool_for(make_pool, "/usr/bin/no-such-program").call("")


def test_a_run_is_bounded_in_time(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError, match="status -14"):
        pool_for(make_pool, "/bin/sleep", "60", seconds=0.05).call("")


def test_the_program_ends_with_its_worker(make_pool: MakePool) -> None:
    mark = f"61.{os.getpid()}"
    pool = pool_for(make_pool, "/bin/sleep", mark, seconds=60)
    pool.warm()
    with pytest.raises(WorkerTimeout):
        pool.call("", wall_seconds=0.2)
    until = time.monotonic() + 3.0
    while running(mark) and time.monotonic() < until:
        time.sleep(0.01)
    assert not running(mark)


@pytest.mark.parametrize(
    "script",
    [
        "read line < /etc/passwd",
        "read line < /proc/self/environ",
        "echo x > /tmp/whispercms-written",
        "echo x > /usr/bin/env",
        "chmod 600 /usr/bin",
        "kill -0 $PPID",
    ],
)
def test_a_program_is_refused_what_it_does_not_need(make_pool: MakePool, script: str) -> None:
    pool = pool_for(make_pool, "/bin/sh", "-c", f"({script}) && echo possible || echo refused")
    assert pool.call("") == "refused\n"


def test_a_program_may_throw_output_away(make_pool: MakePool) -> None:
    assert pool_for(make_pool, "/bin/sh", "-c", "echo x > /dev/null && echo done").call("") == (
        "done\n"
    )


def test_a_program_has_no_network(make_pool: MakePool) -> None:
    script = 'use Socket; print socket(S, AF_INET, SOCK_STREAM, 0) ? "possible" : "refused"'
    if not Path("/usr/bin/perl").exists():
        pytest.skip("needs perl")
    assert pool_for(make_pool, "/usr/bin/perl", "-e", script).call("") == "refused"


def test_a_program_sees_a_fixed_environment(make_pool: MakePool) -> None:
    names = pool_for(make_pool, "/usr/bin/env").call("").split()
    assert sorted(names) == ["HOME=/nonexistent", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]


def running(mark: str) -> bool:
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in command.read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False
