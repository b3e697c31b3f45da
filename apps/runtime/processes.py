"""Keeps the programs of a node running until a signal comes, and stops them in order in time."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep
from types import FrameType

import structlog

from apps.runtime.forks import Fork, end_with_parent, may_fork, run_python
from apps.runtime.supervision import Restarts, Standings, State
from apps.runtime.supervisor import RULE, Observe, Supervisor

log = structlog.get_logger("whispercms.processes")

POLL_SECONDS = 0.1
STOP_SECONDS = 25.0
KILLED_SECONDS = 1.0
"""The kernel takes so long at most to let go of what was killed."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and what its environment has besides this process's own. Without one that is
    `needed` the others are of no use. One that `is_ours` is the Python of this process, and done in
    a fork of it where that is safe; there `instead` may do the same with less."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    requires: Sequence[str] = ()
    needed: bool = False
    is_ours: bool = False
    instead: Callable[[], object] | None = None


class Programs:
    """Runs programs until a signal comes: SIGINT, SIGTERM or SIGHUP stop them in order, a second
    one at once."""

    def __init__(
        self, programs: Sequence[Program], rule: Restarts = RULE, beside: Sequence[Fork] = ()
    ) -> None:
        """`beside` end by themselves; at a stop they are given the same time."""
        self._parts = [ProgramPart(program) for program in programs]
        self._beside = [ProgramPart(Program(fork.name, ()), fork) for fork in beside]
        self._needed = [program.name for program in programs if program.needed]
        self._supervisor = Supervisor(self._parts, rule)
        self._signals = 0

    def observe(self, observe: Observe) -> None:
        self._supervisor.observe(observe)

    def standings(self) -> Standings:
        return self._supervisor.standings()

    def run(self) -> int:
        """The exit code: 0 after an orderly stop, 1 when it took force, or when what is needed was
        given up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        while not self._signals and not self._given_up():
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
        parts = [*self._beside, *self._parts[::-1]]
        for part in parts:
            part.ask()
        while not all(part.wait(0) for part in parts):
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

    def start(self) -> None:
        """Raises OSError. What could not be stopped before is killed."""
        self.kill()
        self._process = self._forked() if self._program.is_ours and may_fork() else self._executed()
        log.info("started", program=self.name, pid=self._process.pid)

    def _forked(self) -> Fork:
        act = partial(run_python, self._program.arguments[1:], self._program.environment)
        return Fork(self.name, self._program.instead or act)

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

    def wait(self, seconds: float) -> bool:
        if self._process is None or self._process.poll() is not None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def kill(self) -> None:
        """With all that it started."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self.wait(KILLED_SECONDS)
