"""Keeps the programs of a node running until a signal comes, and stops them in order in time."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf
from time import monotonic, sleep
from types import FrameType
from typing import NoReturn

import structlog

from apps.runtime.forks import Fork, end_with_parent, may_fork, run_python
from apps.runtime.occasional import Occasional, Runnable
from apps.runtime.supervision import Restarts, Standings, State
from apps.runtime.supervisor import Observe, Supervisor

log = structlog.get_logger("whispercms.processes")

POLL_SECONDS = 0.1
STOP_SECONDS = 25.0
AGAIN_SECONDS = 0.1
"""Before a program that ended is started again, the first time: visitors wait for it."""
AGAIN = Restarts(first=AGAIN_SECONDS)
KILLED_SECONDS = 1.0
"""The kernel takes so long at most to let go of what was killed."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and what its environment has besides this process's own. Without one that is
    `needed` the others are of no use. One that `is_ours` is the Python of this process, and done in
    a fork of it where that is safe; there `instead` may do the same with less. With `has_work` it
    runs only while there is some. At a stop it is cut off after `drain` seconds, which is no
    failure of it, and after STOP_SECONDS, which is one."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    requires: Sequence[str] = ()
    needed: bool = False
    is_ours: bool = False
    instead: Callable[[], object] | None = None
    has_work: Callable[[], bool] | None = None
    drain: float = inf


class Programs:
    """Runs programs until a signal comes: SIGINT, SIGTERM or SIGHUP stop them in order, a second
    one at once."""

    def __init__(
        self,
        programs: Sequence[Program],
        rule: Restarts = AGAIN,
        beside: Sequence[Fork] = (),
    ) -> None:
        """`beside` end by themselves; at a stop they are given the same time."""
        self._parts = list(map(_part, programs))
        self._beside = [ProgramPart(Program(fork.name, ()), fork) for fork in beside]
        self._needed = [program.name for program in programs if program.needed]
        self._supervisor = Supervisor(self._parts, rule)
        self._signals = 0

    def observe(self, observe: Observe) -> None:
        self._supervisor.observe(observe)

    def standings(self) -> Standings:
        return self._supervisor.standings()

    def run(self, ended: Callable[[], bool] = lambda: False) -> int:
        """Until a signal comes, or `ended` says so. The exit code: 0 after an orderly stop, 1 when
        it took force, or when what is needed was given up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        while not self._signals and not self._given_up() and not ended():
            self._supervisor.tend()
            sleep(POLL_SECONDS)
            self._beside = [part for part in self._beside if not part.wait(0)]
        given_up = self._given_up()
        return max(self._stop(), int(given_up))

    def _given_up(self) -> bool:
        standings = self._supervisor.standings()
        return any(standings[name].state is State.FAILED for name in self._needed)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Only counts: it may come while a program is being started, whose pid is not known yet."""
        self._signals += 1

    def _stop(self) -> int:
        """The last started first; what does not end in time is killed and named."""
        deadline = monotonic() + STOP_SECONDS
        parts: list[Runnable] = [*self._beside, *self._parts[::-1]]
        for part in parts:
            part.ask()
        while not all([part.wait(0) for part in parts]):  # Each looks at its own clock.
            if self._signals > 1 or monotonic() >= deadline:
                break
            sleep(POLL_SECONDS)
        late = [part for part in parts if not part.wait(0)]
        for part in late:
            log.error("killed", program=part.name)
            part.kill()
        for part in parts:
            self._supervisor.stop(part.name, 0)
        return 1 if late else 0


class ProgramPart:
    """A part of a supervisor: one program's process. It leads a group of its own, so that a signal
    reaches what it started itself."""

    def __init__(self, program: Program, begun: Fork | None = None) -> None:
        self.name, self.requires, self._program = program.name, program.requires, program
        self._process: subprocess.Popen[bytes] | Fork | None = begun
        self._cut_at = inf

    def start(self) -> None:
        """Raises OSError. What could not be stopped before is killed."""
        self.kill()
        self._cut_at = inf
        self._process = self._forked() if self._program.is_ours and may_fork() else self._executed()
        log.info("started", program=self.name, pid=self._process.pid)

    def _forked(self) -> Fork:
        return Fork(self.name, self._act)

    def _act(self) -> None:
        os.environ.update(self._program.environment)
        act = self._program.instead or partial(run_python, self._program.arguments[1:])
        act()

    def _executed(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            list(self._program.arguments),
            env={**os.environ, **self._program.environment},
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def ending(self) -> str | None:
        if self._process is None or (code := self._process.poll()) is None:
            return None
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def ask(self) -> None:
        """Its leader alone: what that started itself is the leader's to end."""
        if not self.wait(0) and self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # It ended meanwhile.
                os.kill(self._process.pid, signal.SIGTERM)
            self._cut_at = min(self._cut_at, monotonic() + self._program.drain)

    def wait(self, seconds: float) -> bool:
        if self._process is None or self._process.poll() is not None:
            return True
        if monotonic() >= self._cut_at:
            self._cut_at = inf
            log.warning("cut off", program=self.name)
            self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def kill(self) -> None:
        """With all that it started."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self.wait(KILLED_SECONDS)


def begin_again() -> NoReturn:
    """This very command, from nothing, in the place of this process."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def _part(program: Program) -> Runnable:
    part = ProgramPart(program)
    return Occasional(part, program.has_work) if program.has_work else part
