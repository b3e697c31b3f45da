import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from apps.runtime.cpu_time import CpuTime

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")

ENDLESS, NONE = 1e9, 0.0


@pytest.fixture
def busy() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-IS", "-c", "while True: pass"]) as process:
        yield process.pid
        process.kill()


def test_one_that_wants_to_run_and_had_little_is_starved(busy: int) -> None:
    cpu = CpuTime(busy)
    cpu.start()
    assert cpu.is_starved(ENDLESS)


def test_one_that_had_its_time_is_not_starved(busy: int) -> None:
    cpu = CpuTime(busy)
    cpu.start()
    assert not cpu.is_starved(NONE)


def test_one_that_had_a_quarter_of_its_time_is_not_starved() -> None:
    cpu = CpuTime(os.getpid())
    cpu.start()
    began = time.process_time()
    while time.process_time() - began < 0.025:
        pass
    assert not cpu.is_starved(0.1)


def test_one_that_sleeps_is_not_starved() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        cpu = CpuTime(process.pid)
        cpu.start()
        while cpu.is_starved(ENDLESS):  # Until it has got as far as sleeping.
            pass
        process.kill()


def test_what_was_used_before_the_start_does_not_count() -> None:
    cpu = CpuTime(os.getpid())
    cpu.start()
    while cpu.is_starved(0.02):
        pass
    cpu.start()
    assert cpu.is_starved(ENDLESS)
    assert cpu.is_starved(0.02)


def test_one_that_is_gone_or_was_never_started_is_not_starved() -> None:
    with subprocess.Popen(["true"]) as process:
        never = CpuTime(process.pid)
        gone = CpuTime(process.pid)
        gone.start()
        assert not never.is_starved(ENDLESS)
    assert not gone.is_starved(ENDLESS)
