"""Syncs of a node while it serves: a program beside it, warm, that syncs when it is told to."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import processes
from bench.commands import SETTINGS
from bench.load import ROOT
from bench.report import BenchError
from bench.run import Run


class Syncing:
    """`sync` takes as long as the sync does; visitors are asked for on another thread."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._told()

    def sync(self) -> int:
        """How many documents were parsed, once the sync has returned."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._told()["parsed"])

    def _told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the program that syncs has ended")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def syncing(run: Run, state: Path, *, pinned: bool = False) -> Iterator[Syncing]:
    """Of the node of this run's site. Its complaints are in the run's folder."""
    log = run.folder / "syncer.log"
    cores = run.cores.server if pinned else frozenset[int]()
    with log.open("w") as complaints, processes.on(cores):
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.syncer"],
            cwd=ROOT,
            env={**run.environment(state, run.site), **SETTINGS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        yield Syncing(process)
    finally:
        processes.end(process)
