"""Keeps the processes of a node running: restarts with back-off, stops in order within a time.

The one place that starts processes other than confined workers.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from types import FrameType

import structlog

from apps.runtime import kernel

log = structlog.get_logger("whispercms.processes")

POLL_SECONDS = 0.1
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
STABLE_SECONDS = 60.0
STOP_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and what its environment has besides this process's own."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def next_delay(delay: float, lasted: float) -> float:
    """Seconds to wait before a restart: doubled each time, first again after a stable run."""
    return FIRST_DELAY if lasted >= STABLE_SECONDS or not delay else min(delay * 2, LONGEST_DELAY)


class Supervisor:
    """Runs programs until a signal comes: SIGINT, SIGTERM or SIGHUP stop them in order, a
    second one at once."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = {program.name: _Child(program) for program in programs}
        self._signals = 0

    def run(self) -> int:
        """The exit code: 0 after an orderly stop, 1 when it took force."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        while not self._signals:
            for child in self._children.values():
                child.tend()
            sleep(POLL_SECONDS)
        return self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Only counts: it may come while a program is being started, whose pid is not known yet."""
        self._signals += 1

    def _stop(self) -> int:
        """The last started first; what does not end in time is killed and named."""
        deadline = monotonic() + STOP_SECONDS
        children = list(reversed(self._children.values()))
        for child in children:
            child.send(signal.SIGTERM)
        while any(child.alive() for child in children):
            if self._signals > 1 or monotonic() >= deadline:
                break
            sleep(POLL_SECONDS)
        late = [child for child in children if child.alive()]
        for child in late:
            log.error("killed", program=child.program.name)
            child.send(signal.SIGKILL)
        return 1 if late else 0


def _end_with_parent() -> None:
    """On Linux the kernel tells a program when the supervisor was killed; elsewhere it stays."""
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)


class _Child:
    """One program's process and when to start it again. It leads a group of its own, so that a
    signal reaches what it started itself."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._delay = 0.0
        self._started = 0.0
        self._next = 0.0

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tend(self) -> None:
        if self.alive():
            return
        if self._process is not None:
            self._delay = next_delay(self._delay, monotonic() - self._started)
            self._next = monotonic() + self._delay
            log.warning(
                "ended", program=self.program.name, code=self._process.returncode, again=self._delay
            )
            self._process = None
        if monotonic() >= self._next:
            self._start()

    def send(self, number: int) -> None:
        """To the leader first; its group is killed with it."""
        if self._process is None or self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # It ended meanwhile.
            if number == signal.SIGKILL:
                os.killpg(self._process.pid, number)
            else:
                os.kill(self._process.pid, number)

    def _start(self) -> None:
        self._started = monotonic()
        try:
            self._process = subprocess.Popen(
                list(self.program.arguments),
                env={**os.environ, **self.program.environment},
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        except OSError as error:
            self._delay = next_delay(self._delay, 0)
            self._next = monotonic() + self._delay
            log.error(
                "not started", program=self.program.name, reason=str(error), again=self._delay
            )
            return
        log.info("started", program=self.program.name, pid=self._process.pid)
