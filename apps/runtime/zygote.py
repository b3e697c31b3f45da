"""The process that workers are forked from: clean, single-threaded, driven over one Unix socket.

It imports worker modules (trusted code) and never sees setups or requests. It reaps a worker only
when told to, so that its parent can never signal a process id which was given to somebody else. It
ends with its parent.
"""

import contextlib
import gc
import importlib
import os
import resource
import signal
import socket
from typing import Any, Final, NoReturn

from apps.runtime import worker_loop
from apps.runtime.confinement import SOCKET
from apps.runtime.frames import FrameDecoder, decode, encode
from apps.runtime.limits import CONTROL_BYTES, FAULT_CHARACTERS, READ_BYTES, Limits

_OPEN_FILES: Final = 256
"""Keeps closing all descriptors of a fork cheap, even where the kernel lacks close_range."""


class Zygote:
    """One request at a time, each answered by one frame."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._workers: set[int] = set()

    def serve(self) -> None:
        decoder = FrameDecoder(CONTROL_BYTES)
        while (received := self._receive(decoder)) is not None:
            request, descriptors = received
            try:
                reply = self._answer(request, descriptors)
            except Exception as error:
                reply = {"fault": f"{type(error).__name__}: {error}"[:FAULT_CHARACTERS]}
            for descriptor in descriptors:
                os.close(descriptor)
            self._control.sendall(encode(reply, CONTROL_BYTES, decoder.nonce))
        for worker in self._workers:
            _kill(worker)

    def _receive(self, decoder: FrameDecoder) -> tuple[Any, list[int]] | None:
        descriptors: list[int] = []
        while True:
            data, received, _, _ = socket.recv_fds(self._control, READ_BYTES, 1)
            descriptors += received
            if not data:
                return None
            payload = decoder.feed(data)
            if payload is not None:
                return decode(payload), descriptors

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        if request["do"] == "spawn":
            return {"pid": self._spawn(request, descriptors[0])}
        return {"exit": self._reap(request["pid"])}

    def _spawn(self, request: dict[str, Any], descriptor: int) -> int:
        module = importlib.import_module(request["entry"])
        limits = Limits(**request["limits"])
        # What exists now is shared with all workers as long as nobody's collector touches it.
        gc.collect()
        gc.freeze()
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(descriptor, (module, limits, zygote, request["layers"]))
        self._workers.add(pid)
        # Here too, since the parent may want to kill the group before the child has got so far.
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(pid, pid)
        return pid

    def _become_worker(self, descriptor: int, arguments: tuple[Any, ...]) -> NoReturn:
        try:
            os.setpgid(0, 0)
            self._control.detach()
            os.dup2(descriptor, SOCKET)
            worker_loop.run(*arguments)
        finally:
            os._exit(0)

    def _reap(self, pid: int) -> int:
        """Exit status or minus the signal. Kills first: it must not wait for one that lives."""
        if pid not in self._workers:
            raise ProcessLookupError(f"{pid} is not a worker")
        _kill(pid)
        _, status = os.waitpid(pid, 0)
        self._workers.remove(pid)
        return os.waitstatus_to_exitcode(status)


def _kill(worker: int) -> None:
    # macOS answers EPERM for a group whose only member is dead.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(worker, signal.SIGKILL)


def keep_to_itself() -> None:
    """It ends when its socket is closed, and has few descriptors to close in a worker."""
    # A supervisor which stops the whole group must not take the workers from a server that drains.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_OPEN_FILES, hard), hard))


def main(descriptor: int) -> None:
    keep_to_itself()
    Zygote(socket.socket(fileno=descriptor)).serve()
