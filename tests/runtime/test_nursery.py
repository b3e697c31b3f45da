"""Zygotes that are forked of a warm process: as clean as others, and not bound to it."""

import dataclasses
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from apps.runtime.workers import PROJECT, Nursery, Workers
from tests.runtime.test_workers import WITNESS, ends, is_alive, zygote_of

LIMITS = dataclasses.asdict(WITNESS.limits)
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is read")


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery(PROJECT, [WITNESS.entry])
    yield nursery
    nursery.end()


@pytest.fixture
def born(nursery: Nursery) -> Iterator[Workers]:
    workers = Workers(nursery=nursery)
    yield workers
    workers.stop()


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_its_zygote_is_forked_of_it_and_as_clean_as_another(
    nursery: Nursery, born: Workers
) -> None:
    own = Workers()
    there, alone = born.pool(WITNESS).call(None), own.pool(WITNESS).call(None)
    own.stop()
    assert parent(there["parent"]) == nursery.pid
    assert {**there, "parent": None} == {**alone, "parent": None}
    assert born.confinement() == Workers().confinement()


def test_each_process_has_a_zygote_of_its_own(nursery: Nursery, born: Workers) -> None:
    other = Workers(nursery=nursery)
    ours, theirs = zygote_of(born.pool(WITNESS)), zygote_of(other.pool(WITNESS))
    assert ours != theirs
    other.stop()
    assert ends(theirs)
    assert zygote_of(born.pool(WITNESS)) == ours


def test_processes_that_share_it_may_ask_at_the_same_time(nursery: Nursery) -> None:
    reading, writing = os.pipe()
    children = [_asking(nursery, writing) for _ in range(8)]
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = pipe.read().split()
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)
    assert len(found) == len(set(found)) == len(children)


def _asking(nursery: Nursery, writing: int) -> int:
    """A child that writes down its zygote."""
    if child := os.fork():
        return child
    code = 1
    try:
        process = nursery.zygote()
        _ours, theirs = socket.socketpair()
        told = process.ask(
            {"do": "spawn", "entry": WITNESS.entry, "limits": LIMITS, "layers": []},
            (theirs.fileno(),),
        )
        os.write(writing, f"{told['pid']}\n".encode())
        code = 0
    finally:
        os._exit(code)


def test_they_live_on_without_it_and_another_is_started_alone(
    nursery: Nursery, born: Workers
) -> None:
    pool = born.pool(WITNESS)
    zygote = zygote_of(pool)
    os.kill(nursery.pid, signal.SIGKILL)
    assert ends(nursery.pid)
    assert zygote_of(pool) == zygote
    assert born.alive()
    os.kill(zygote, signal.SIGKILL)
    assert ends(zygote)
    assert not born.alive()
    born.start()
    after = zygote_of(born.pool(WITNESS))
    assert after != zygote
    assert parent(after) == os.getpid()


def test_where_it_is_dead_a_zygote_is_started_alone(nursery: Nursery) -> None:
    os.kill(nursery.pid, signal.SIGKILL)
    assert ends(nursery.pid)
    workers = Workers(nursery=nursery)
    assert parent(zygote_of(workers.pool(WITNESS))) == os.getpid()
    workers.stop()


def test_it_ends_with_the_last_that_could_ask(nursery: Nursery) -> None:
    assert is_alive(nursery.pid)
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    nursery.let_go()
    sleep(0.1)
    assert is_alive(nursery.pid)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert ends(nursery.pid)
