"""One Git that answers many questions about objects, so that each costs no start of a program."""

import os
import select
from collections.abc import Callable
from typing import Any, Final

from apps.gitsync.errors import GitFault
from apps.gitsync.git.output import batch_header
from apps.gitsync.git.refusals import explain
from apps.runtime.endings import ended

ANSWER_SECONDS: Final = 60.0
END_SECONDS: Final = 1.0
CHUNK: Final = 256 * 1024
Start = Callable[[], Any]
"""Starts `git cat-file --batch-command`, and returns what ends it when nobody refers to it."""


class Objects:
    """Started by the first question, or before. Not for threads. It finds what arrives while it
    runs; whoever replaces the clone has to close it."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._running: Any = None
        self._buffer = bytearray()

    def start(self) -> None:
        """Returns before it is ready."""
        if self._running is None:
            self._buffer.clear()
            self._running = self._start()

    def close(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.proc.kill()
            ended(running.proc, END_SECONDS)

    def header(self, name: str) -> list[str]:
        """Object, type and size. Raises GitFault, also for an object that is not there."""
        self._ask(f"info {name}")
        return batch_header(self._line())

    def read(self, name: str) -> tuple[str, bytes]:
        """Object and bytes. The caller knows that they are few. Raises GitFault."""
        self._ask(f"contents {name}")
        found, _, size = batch_header(self._line())
        content = self._take(int(size) + 1)
        return found, content[:-1]

    def _ask(self, question: str) -> None:
        if "\n" in question:
            raise GitFault("git.missing-object", "no object has such a name", "Report this")
        self.start()
        try:
            self._running.proc.stdin.write(f"{question}\n".encode())
            self._running.proc.stdin.flush()
        except BrokenPipeError as error:
            raise self._fault() from error

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._more()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _more(self) -> None:
        output = self._running.proc.stdout
        poll = select.poll()
        poll.register(output, select.POLLIN)
        if not poll.poll(ANSWER_SECONDS * 1000):
            raise self._fault(f"Timeout after {ANSWER_SECONDS:g} seconds")
        chunk = os.read(output.fileno(), CHUNK)
        if not chunk:
            raise self._fault()
        self._buffer += chunk

    def _fault(self, told: str = "") -> GitFault:
        """It has ended by itself, or is ended now; the next question starts another."""
        running, self._running = self._running, None
        if told:
            running.proc.kill()
        answer = ended(running.proc, END_SECONDS)
        said = told or (answer[1].decode("utf-8", "replace").rstrip() if answer else "")
        status = running.proc.returncode
        killed = not told and status is not None and status < 0
        return explain(f"{said}\nKilled by signal {-status}" if killed else said, "cat-file")
