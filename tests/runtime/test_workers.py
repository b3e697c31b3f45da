"""The life of zygote and workers: lazy, per process, mended after a death, gone with the parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from apps.runtime.faults import SandboxMissing, WorkerFault, WorkerUnavailable
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.proof import NEEDED
from apps.runtime.workers import WorkerPool, Workers
from apps.runtime.zygote_client import PROJECT

WITNESS = WorkerSpec(
    name="witness", entry="tests.runtime.workers.witness", limits=Limits(wall_seconds=3.0)
)


@pytest.fixture
def own() -> Iterator[Workers]:
    """Not the module's: its zygote is killed or left behind here."""
    workers = Workers()
    yield workers
    workers.stop()


def zygote_of(pool: WorkerPool) -> int:
    return int(pool.call(None)["parent"])


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def ends(*pids: int) -> bool:
    until = time.monotonic() + 3.0
    while any(map(is_alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(is_alive, pids))


def test_all_workers_have_one_zygote(own: Workers) -> None:
    assert zygote_of(own.pool(WITNESS)) == zygote_of(own.pool(WITNESS)) != os.getpid()


def test_starting_early_is_possible_and_not_needed(own: Workers) -> None:
    own.start()
    own.start()
    assert zygote_of(own.pool(WITNESS))


def test_stopping_ends_every_process(own: Workers) -> None:
    pool = own.pool(WITNESS)
    zygote = zygote_of(pool)
    own.stop()
    assert ends(zygote)
    with pytest.raises(WorkerUnavailable, match="closed"):
        pool.call(None)


def test_after_stopping_a_new_pool_starts_anew(own: Workers) -> None:
    first = zygote_of(own.pool(WITNESS))
    own.stop()
    assert zygote_of(own.pool(WITNESS)) != first


def test_the_death_of_the_zygote_is_mended(own: Workers) -> None:
    pool = own.pool(WITNESS)
    first = zygote_of(pool)
    os.kill(first, signal.SIGKILL)
    assert ends(first)
    assert second_try(pool) != first


def second_try(pool: WorkerPool) -> int:
    """The first may meet a worker that is just dying with its zygote; the next may not."""
    try:
        return zygote_of(pool)
    except WorkerUnavailable:
        return zygote_of(pool)


def test_workers_end_with_their_zygote(own: Workers) -> None:
    hostile = own.pool(
        WorkerSpec(name="hostile", entry="tests.runtime.workers.hostile", limits=WITNESS.limits)
    )
    worker = hostile.call(["name itself"])
    os.kill(zygote_of(own.pool(WITNESS)), signal.SIGKILL)
    assert ends(worker)


def test_a_group_wide_sigterm_leaves_a_draining_server_its_workers(own: Workers) -> None:
    pool = own.pool(WITNESS)
    zygote = zygote_of(pool)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(zygote, number)
    assert zygote_of(pool) == zygote


def test_a_forked_process_has_a_zygote_of_its_own(own: Workers) -> None:
    pool = own.pool(WITNESS)
    ours = zygote_of(pool)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(zygote_of(pool)).encode())
            own.stop()
        finally:
            os._exit(0)
    os.close(writing)
    theirs = int(os.read(reading, 100) or b"0")
    os.close(reading)
    os.waitpid(child, 0)
    assert theirs not in (0, ours)
    assert zygote_of(pool) == ours


def test_a_forked_process_cannot_keep_the_workers_alive(own: Workers) -> None:
    zygote = zygote_of(own.pool(WITNESS))
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        own.stop()
        assert ends(zygote)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_workers_end_with_a_parent_that_was_killed() -> None:
    script = (
        "import os, signal\n"
        "from apps.runtime.workers import *\n"
        "spec = WorkerSpec(name='h', entry='tests.runtime.workers.hostile',\n"
        "                  limits=Limits(wall_seconds=3.0))\n"
        "workers = Workers()\n"
        "pool = workers.pool(spec)\n"
        "print(pool.call(['name itself']), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=10
    )
    assert ended.returncode == -signal.SIGKILL
    assert ends(int(ended.stdout))


def test_a_root_without_the_project_is_unavailable(tmp_path: Path) -> None:
    workers = Workers(root=tmp_path)
    with pytest.raises(WorkerUnavailable, match="zygote"):
        workers.pool(WITNESS).warm()
    workers.stop()


def test_proofs_without_a_zygote_are_missing_and_no_error(tmp_path: Path) -> None:
    workers = Workers(root=tmp_path)
    assert all(status.startswith("missing: ") for status in workers.confinement().values())
    workers.stop()


def test_what_is_required_and_missing_is_named_with_reason_and_remedy(tmp_path: Path) -> None:
    workers = Workers(root=tmp_path)
    with pytest.raises(SandboxMissing) as caught:
        workers.insist()
    assert tuple(caught.value.missing) == NEEDED
    assert f"seccomp ({caught.value.missing['seccomp']})" in str(caught.value)
    assert "WHISPERCMS_SANDBOX=preferred" in caught.value.remedy
    workers.stop()


def test_what_is_preferred_and_missing_is_warned_of_once(tmp_path: Path) -> None:
    workers = Workers(root=tmp_path, required=False)
    with capture_logs() as logs:
        workers.insist()
        workers.insist()
    (warning,) = logs
    assert warning["log_level"] == "warning"
    assert tuple(warning["missing"]) == NEEDED
    workers.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all layers")
def test_where_every_layer_holds_nothing_is_said(own: Workers) -> None:
    with capture_logs() as logs:
        own.insist()
    assert not logs


def test_every_fault_is_a_worker_fault_with_its_name(own: Workers) -> None:
    spec = WorkerSpec(name="plugin x", entry="no_such_module")
    with pytest.raises(WorkerFault) as caught:
        own.pool(spec).warm()
    assert caught.value.worker == "plugin x"
