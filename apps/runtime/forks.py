"""Programs in Python, each in a fork of this process: they share what it has loaded, and need not
load it again.
"""

import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.context import ForkProcess
from time import monotonic, sleep
from typing import Final

from apps.runtime import kernel

LOOK_SECONDS: Final = 0.01
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FAILED: Final = 1


def may_fork() -> bool:
    """Of what another thread holds a child would have a copy that nobody gives back."""
    return hasattr(os, "fork") and threading.active_count() == 1


class Fork:
    """Does `act` in a child, with the signal handlers of a new program, that ends with this
    process. For whoever watches over it as a `subprocess.Popen`. Raises OSError."""

    def __init__(self, name: str, act: Callable[[], object]) -> None:
        """It leads a session of its own, as another program does that is started."""
        self.name = name
        child = partial(_live, name, act, os.getpid())
        self._process = ForkProcess(target=child, name=name)
        # A signal for the child must not be taken by a handler that is still the parent's.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        """The exit code, or minus the signal; None while it runs."""
        return self._process.exitcode

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> int | None:
        """As `poll`, once it has ended or the time is over."""
        deadline = monotonic() + seconds
        # Not by the pipe of multiprocessing, which what the child started may hold open.
        while (code := self.poll()) is None and monotonic() < deadline:
            sleep(LOOK_SECONDS)
        return code


def run_python(arguments: Sequence[str]) -> None:
    """What follows the interpreter on a command line, `-m MODULE …` or `FILE …`, in this process,
    which was forked for it."""
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


def end_with_parent() -> None:
    """On Linux the kernel tells a process when its parent was killed; elsewhere it stays."""
    with suppress(OSError):
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)


def _live(name: str, act: Callable[[], object], parent: int) -> None:
    os.setsid()
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_with_parent()
    with suppress(OSError):
        kernel.name_process(name)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    if os.getppid() != parent:  # It was killed before the kernel was asked to tell.
        sys.exit(FAILED)
    act()
