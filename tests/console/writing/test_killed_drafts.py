"""A server that is killed while it keeps what is typed: what it said it had is there, and whole."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.console.writing.test_drafts import ADA, PATH, Desk

ROUNDS, BEFORE = 8, 2
"""So many kills, each after so many drafts were kept and a moment more."""
pytestmark = pytest.mark.long


def typing(desk: Desk, pipe: int) -> None:
    """In a process of its own: keeps one after the other, and tells each that is kept."""
    found = desk.drafts.mine(ADA, PATH)
    version, number = found.version if found else "", int(desk.body() or 0)
    while True:
        number += 1
        version = desk.keep(str(number), version)
        os.write(pipe, f"{number}\n".encode())


def killed_while_typing(desk: Desk, chance: random.Random) -> int:
    """The last number that was told to be kept."""
    told, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            typing(desk, pipe)
        finally:
            os._exit(1)
    os.close(pipe)
    with os.fdopen(told) as lines:
        heard = [int(lines.readline()) for _ in range(BEFORE)]
        time.sleep(chance.random() * 0.1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        heard += [int(line) for line in lines if line.endswith("\n")]
    return heard[-1]


def test_nothing_that_was_kept_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    desk, chance = Desk(tmp_path), random.Random(9)
    for _ in range(ROUNDS):
        last = killed_while_typing(desk, chance)
        found = desk.drafts.mine(ADA, PATH)
        assert found and int(desk.body() or 0) in (last, last + 1)
        desk.repository.git.run("fsck", "--connectivity-only", found.version)
