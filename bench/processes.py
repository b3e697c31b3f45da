"""Processes as the kernel sees them: who descends from whom, what they use, and how they end."""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
STOP_SECONDS = 30.0
QUIET_SHARE, QUIET_SECONDS, QUIET_PATIENCE = 0.1, 0.5, 60.0
MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`started` tells two processes with one id apart; `cpu` is in seconds, `memory` in bytes."""

    pid: int
    parent: int
    started: str
    cpu: float
    memory: int
    arguments: tuple[str, ...]


def tree(root: int) -> list[Process]:
    """A process and all that descend from it, parents first."""
    everything = _everything()
    children: dict[int, list[Process]] = {}
    for process in everything:
        children.setdefault(process.parent, []).append(process)
    found = [process for process in everything if process.pid == root]
    for process in found:
        found.extend(children.get(process.pid, ()))
    return found


def memory_mb(processes: Sequence[Process]) -> float:
    """Proportional where the kernel says it (shared pages count once), else resident."""
    return sum(map(_proportional, processes)) / MB


def resident_mb(processes: Sequence[Process]) -> float:
    return sum(process.memory for process in processes) / MB


def cpu_seconds(root: int) -> float:
    """What the tree's living processes have used so far."""
    return sum(process.cpu for process in tree(root))


def settle(root: int) -> None:
    """Waits until the tree has nothing to do, so that background work is not measured with it."""
    deadline = time.monotonic() + QUIET_PATIENCE
    before = cpu_seconds(root)
    while time.monotonic() < deadline:
        time.sleep(QUIET_SECONDS)
        now = cpu_seconds(root)
        if now - before < QUIET_SECONDS * QUIET_SHARE:
            return
        before = now


def end(process: "subprocess.Popen[Any]") -> None:
    """Asks for an orderly stop, then kills whatever of the family is left."""
    family = tree(process.pid)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    alive = {(each.pid, each.started) for each in _everything()}
    for each in family:
        if (each.pid, each.started) in alive:
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores the server and the load have to themselves; empty where that cannot be had."""

    server: frozenset[int]
    load: frozenset[int]

    def __str__(self) -> str:
        if not self.load:
            return "server and load share the cores"
        return f"server on {len(self.server)} core(s), load on another"


def cores() -> Cores:
    """The last core is the load's, so that neither takes from the other."""
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(own) < 2:
        return Cores(frozenset(), frozenset())
    return Cores(frozenset(own[:-1]), frozenset(own[-1:]))


@contextmanager
def on(chosen: frozenset[int]) -> Iterator[None]:
    """Processes that are started meanwhile run on these cores only."""
    if not chosen:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _everything() -> list[Process]:
    return _linux() if PROC.joinpath("self/stat").exists() else _portable()


def _linux() -> list[Process]:
    found = []
    for folder in sorted(PROC.glob("[0-9]*"), key=lambda path: int(path.name)):
        with suppress(OSError):
            found.append(_read(folder))
    return found


def _read(folder: Path) -> Process:
    fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
    arguments = (folder / "cmdline").read_text(errors="replace").split("\0")[:-1]
    return Process(
        pid=int(folder.name),
        parent=int(fields[1]),
        started=fields[19],
        cpu=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        memory=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        arguments=tuple(arguments),
    )


def _portable() -> list[Process]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,rss=,time=,lstart=,command="],
        capture_output=True,
        check=True,
        text=True,
    )
    return [_from_ps(line) for line in listed.stdout.splitlines()]


def _from_ps(line: str) -> Process:
    pid, parent, kilobytes, clock, *rest = line.split(None, 9)
    seconds = 0.0
    for part in clock.replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    with suppress(ValueError):
        rest[5:] = shlex.split(rest[5])
    return Process(
        pid=int(pid),
        parent=int(parent),
        started=" ".join(rest[:5]),
        cpu=seconds,
        memory=int(kilobytes) * 1024,
        arguments=tuple(rest[5:]),
    )


def _proportional(process: Process) -> int:
    with suppress(OSError):
        for line in (PROC / str(process.pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return process.memory
