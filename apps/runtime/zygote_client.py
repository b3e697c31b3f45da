"""Asks the zygote for workers; starts it on first use, and another should it have died."""

import contextlib
import dataclasses
import os
import signal
import socket
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from apps.runtime.faults import WorkerUnavailable
from apps.runtime.limits import WorkerSpec
from apps.runtime.zygote_process import Nursery, ZygoteGoneError, ZygoteProcess

PROJECT: Final = Path(__file__).resolve().parents[2]


class Child:
    """A worker process as something to be killed and reaped, from any thread."""

    __slots__ = ("_lock", "_process", "_reaped", "_zygote", "pid")

    def __init__(self, zygote: "Zygote", process: ZygoteProcess, pid: int) -> None:
        self._zygote = zygote
        self._process = process
        self._lock = threading.Lock()
        self._reaped = False
        self.pid = pid

    def kill(self) -> None:
        """With all it started. The process id is nobody else's until the zygote reaps it."""
        with self._lock, contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._reaped and not self._process.gone:
                os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> int | None:
        """Exit status or minus the signal, once; kills what still lives. None: not known."""
        with self._lock:
            first, self._reaped = not self._reaped, True
        return self._zygote.reap(self._process, self.pid) if first else None


class Zygote:
    """Thread-safe; holds no process until the first spawn. Only the first comes of the nursery, so
    that nothing depends on it."""

    def __init__(self, root: Path = PROJECT, nursery: Nursery | None = None) -> None:
        self._root, self._nursery = root, nursery
        self._lock = threading.Lock()
        self._process: ZygoteProcess | None = None

    def start(self) -> None:
        """Raises WorkerUnavailable."""
        with self._lock:
            self._running()

    def spawn(
        self, spec: WorkerSpec, layers: Collection[str] | None = None
    ) -> tuple[Child, socket.socket]:
        """A forked worker and our end of its socket. Raises WorkerUnavailable."""
        ours, theirs = socket.socketpair()
        request = {
            "do": "spawn",
            "entry": spec.entry,
            "limits": dataclasses.asdict(spec.limits),
            "layers": None if layers is None else sorted(layers),
        }
        try:
            with theirs, self._lock:
                process, reply = self._ask_twice(request, theirs.fileno())
            if "pid" not in reply:
                raise WorkerUnavailable(f"cannot be started: {reply['fault']}", worker=spec.name)
        except BaseException:
            ours.close()
            raise
        return Child(self, process, reply["pid"]), ours

    def alive(self) -> bool:
        process = self._process
        return process is not None and process.alive()

    def stop(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.end()
            self._process = None

    def forget(self) -> None:
        """In the child of a fork, where the parent's locks and zygote mean nothing."""
        if self._process is not None:
            self._process.forget()
        self._process = None
        self._lock = threading.Lock()

    def _ask_twice(
        self, request: dict[str, Any], descriptor: int
    ) -> tuple[ZygoteProcess, dict[str, Any]]:
        """Once more with a fresh zygote, should the first prove to be dead."""
        for _ in range(2):
            process = self._running()
            with contextlib.suppress(ZygoteGoneError):
                return process, process.ask(request, (descriptor,))
        raise WorkerUnavailable("the zygote dies when asked for a worker")

    def _running(self) -> ZygoteProcess:
        if self._process is None or not self._process.alive():
            if self._process is not None:
                self._process.end()
            try:
                self._process = self._begun()
            except OSError as error:
                raise WorkerUnavailable(f"no zygote can be started: {error}") from error
        return self._process

    def _begun(self) -> ZygoteProcess:
        nursery, self._nursery = self._nursery, None
        if nursery is not None:
            with contextlib.suppress(OSError):
                return nursery.zygote()
        return ZygoteProcess.started(self._root)

    def reap(self, process: ZygoteProcess, pid: int) -> int | None:
        """Exit status or minus the signal; None where it went with its zygote."""
        with self._lock, contextlib.suppress(ZygoteGoneError):
            code: int | None = process.ask({"do": "reap", "pid": pid}).get("exit")
            return code
        return None
