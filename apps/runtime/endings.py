"""What a program says until its end, within a time; a later one is ended, with all it started."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
GONE_SECONDS: Final = 1.0
"""For what a killed one had written; whoever else holds its pipes is not waited for."""


def ended(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bytes] | None:
    """(stdout, stderr); None where it took longer."""
    try:
        return process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        end(process.pid)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=GONE_SECONDS)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        return None


def end(process: int) -> None:
    """Stopped first, so that it starts nothing while the others are looked for."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGSTOP)
    for each in (*_below(process), process):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each, signal.SIGKILL)


def _below(process: int) -> list[int]:
    """Of Linux alone, and needs no program: a small machine has no `ps`."""
    above = dict(_parents())
    found = [process]
    for parent in found:
        found += [each for each, its in above.items() if its == parent]
    return found[1:]


def _parents() -> list[tuple[int, int]]:
    pairs = []
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            pairs.append((int(folder.name), int(fields[1])))
    return pairs
