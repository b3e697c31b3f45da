import fcntl
import os
import signal
from pathlib import Path

import pytest

from apps.gitsync.locks import exclusive


def is_free(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_nobody_else_gets_in_while_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    with exclusive(path):
        assert not is_free(path)
    assert is_free(path)


def test_it_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), exclusive(tmp_path / "lock"):
        raise RuntimeError
    assert is_free(tmp_path / "lock")


def test_two_locks_do_not_know_each_other(tmp_path: Path) -> None:
    with exclusive(tmp_path / "one"), exclusive(tmp_path / "two"):
        assert not is_free(tmp_path / "one")


def test_the_kernel_frees_it_when_its_holder_is_killed(tmp_path: Path) -> None:
    path, (reading, writing) = tmp_path / "lock", os.pipe()
    child = os.fork()
    if child == 0:
        with exclusive(path):
            os.write(writing, b"x")
            signal.pause()
        os._exit(0)
    os.read(reading, 1)
    assert not is_free(path)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with exclusive(path):
        pass
    os.close(reading)
    os.close(writing)
