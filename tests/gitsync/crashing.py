"""Runs work in a child process and kills it: at any line of ours, or in the midst of Git.

The steps are found by counting the lines that a whole run executes in `apps`, so no list of them
can be out of date.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import Any

from tests.sites import ROOT

WATCHED = str(ROOT / "apps")
PROC = Path("/proc")
GIT = frozenset({"git", "git-upload-pack", "ssh-keygen"})
PATIENCE_SECONDS = 60.0
AN_HOUR = 3600.0
Work = Callable[[Callable[[str], None]], object]
"""Gets a function to tell what it has acknowledged: an object of Git."""


@dataclass(frozen=True, slots=True)
class Death:
    """When a run dies. At `line`, by itself; or `after` so many seconds all of it, or one Git that
    runs then, is killed. Without either it lives."""

    line: int = 0
    after: float = 0.0
    git_only: bool = False
    counted: bool = True

    def __str__(self) -> str:
        if self.line:
            return f"killed at line {self.line}"
        return f"{'git' if self.git_only else 'all'} killed after {self.after:.4f} s"


LIVES = Death()
LIVES_UNCOUNTED = Death(counted=False)
"""As fast as those that are killed at a moment."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of it. `finished` is false when it was killed, or raised, as `said` tells.
    `lines` are the moments at which each line of the source was run."""

    finished: bool
    lines: Sequence[Sequence[int]]
    seconds: float
    acknowledged: Sequence[str]
    said: str


def deaths(whole: Run, chance: random.Random) -> Iterator[Death]:
    """Half of them at a line, be it run once or in a loop; a quarter at a moment, a quarter of Git
    alone."""
    while True:
        kind = chance.randrange(4)
        if kind < 2 or not PROC.is_dir():
            yield Death(line=chance.choice(chance.choice(whole.lines)))
        else:
            yield Death(after=chance.uniform(0, whole.seconds), git_only=kind == 2)


def run_in_child(work: Work, death: Death, notes: Path) -> Run:
    """`notes` is a folder of the parent's own. All that the child started has ended when this
    returns, as after a reboot; locks that it left are an hour old."""
    for name in ("said", "lines", "acknowledged"):
        (notes / name).write_bytes(b"")
    started = monotonic()
    child = os.fork()
    if child == 0:
        _live(work, death, notes)
    if death.after:
        _kill_later(child, death, started)
    _, status = os.waitpid(child, 0)
    seconds = monotonic() - started
    _wait_for_all(child)
    lines = (notes / "lines").read_text()
    return Run(
        finished=status == 0 and bool(lines),
        lines=json.loads(lines or "[]"),
        seconds=seconds,
        acknowledged=(notes / "acknowledged").read_text().split(),
        said=(notes / "said").read_text(),
    )


def let_an_hour_pass(folder: Path) -> None:
    """For the locks that a killed Git left."""
    for path in folder.rglob("*.lock"):
        with suppress(FileNotFoundError):
            past = path.stat().st_mtime - AN_HOUR
            os.utime(path, (past, past))


def _live(work: Work, death: Death, notes: Path) -> None:
    os.setpgid(0, 0)
    seen = 0
    lines: dict[tuple[str, int], list[int]] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal seen
        if not frame.f_code.co_filename.startswith(WATCHED):
            return None
        if event == "line":
            seen += 1
            if seen == death.line:
                os.kill(os.getpid(), signal.SIGKILL)
            if death == LIVES:
                lines.setdefault((frame.f_code.co_filename, frame.f_lineno), []).append(seen)
        return trace

    acknowledged = os.open(notes / "acknowledged", os.O_WRONLY | os.O_APPEND)
    try:
        if death.counted and not death.after:
            sys.settrace(trace)
        work(lambda name: _tell(acknowledged, name))
        sys.settrace(None)
        (notes / "lines").write_text(json.dumps(list(lines.values())))
        os._exit(0)
    except BaseException as error:
        sys.settrace(None)
        (notes / "said").write_text(f"{type(error).__name__}: {error}")
    finally:
        os._exit(1)


def _tell(file: int, name: str) -> None:
    os.write(file, f"{name}\n".encode())


def _kill_later(child: int, death: Death, started: float) -> None:
    """What serves a remote is not ours to kill: it would be another machine."""
    sleep(max(0.0, death.after - (monotonic() - started)))
    if not death.git_only:
        _kill([child, *below(child)])
        return
    while not (found := below(child, only=GIT)) and _lives(child):
        sleep(0.0005)
    _kill(found[-1:])


def _kill(processes: Sequence[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _lives(child: int) -> bool:
    stat = PROC / str(child) / "stat"
    with suppress(FileNotFoundError, ProcessLookupError):
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def below(child: int, only: Collection[str] = ()) -> list[int]:
    """The processes below `child`, of certain programs or all, but for those of the remote."""
    above, commands = _processes()
    found, waiting = [], [child]
    while waiting:
        parent = waiting.pop()
        here = [each for each, its in above.items() if its == parent]
        here = [each for each in here if "receive-pack" not in commands.get(each, "")]
        found += here
        waiting += here
    return [each for each in found if not only or _program(commands.get(each, "")) in only]


def _program(command: str) -> str:
    return Path(command.partition("\0")[0]).name


def _processes() -> tuple[dict[int, int], dict[int, str]]:
    above, commands = {}, {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                above[int(folder.name)] = int(fields[1])
                commands[int(folder.name)] = (folder / "cmdline").read_text()
    return above, commands


def _wait_for_all(group: int) -> None:
    """Git outlives whoever started it for a moment."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return
        sleep(0.002)
