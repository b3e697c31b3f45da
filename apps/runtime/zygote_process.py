"""One live zygote as its parent sees it: a socket for one question at a time, and its process where
it was started alone. `Nursery` has others forked that need not load anything.
"""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from apps.runtime.frames import NONCE, FrameDecoder, FrameError, FrameStrayError, decode, encode
from apps.runtime.limits import CONTROL_BYTES, READ_BYTES, ZYGOTE_SECONDS

_LAST_SECONDS: Final = 1.0
_BOOTSTRAP: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from apps.runtime.{} import main; main(int(sys.argv[2]), *sys.argv[3:])"
)


class ZygoteGoneError(Exception):
    """The zygote's socket closed or it does not answer."""


class ZygoteProcess:
    """One live zygote. Not thread-safe: `Zygote` holds the lock."""

    def __init__(
        self, control: socket.socket, process: "subprocess.Popen[bytes] | None" = None
    ) -> None:
        self._control, self._process = control, process
        self._control.settimeout(ZYGOTE_SECONDS)
        self.gone = False

    @classmethod
    def started(cls, root: Path) -> Self:
        """Raises OSError."""
        return cls(*_started(root, "zygote"))

    def ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        """Raises ZygoteGoneError, after which this object is of no more use."""
        if self.gone:
            raise ZygoteGoneError
        try:
            nonce = os.urandom(NONCE)
            socket.send_fds(self._control, [encode(request, CONTROL_BYTES, nonce)], descriptors)
            return self._reply(nonce)
        except (OSError, FrameError) as error:
            self.end()
            raise ZygoteGoneError(str(error)) from error

    def _reply(self, nonce: bytes) -> dict[str, Any]:
        decoder = FrameDecoder(CONTROL_BYTES)
        while data := self._control.recv(READ_BYTES):
            payload = decoder.feed(data)
            if payload is not None:
                if decoder.nonce != nonce:
                    raise FrameStrayError("an answer to another question")
                reply: dict[str, Any] = decode(payload)
                return reply
        raise ConnectionResetError("it ended")

    def alive(self) -> bool:
        if self._process is not None:
            return not self.gone and self._process.poll() is None
        return not self.gone and not _is_left(self._control)

    def end(self) -> None:
        """Its workers die with it, by the kernel's hand."""
        self.gone = True
        self._control.close()
        if self._process is None:
            return
        try:
            self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """In the child of a fork: it has no claim on the process, only a copy of the socket."""
        self.gone = True
        self._control.close()
        if self._process is not None:
            self._process.returncode = 0


class Nursery:
    """One live nursery. What is forked of this process may ask it as well, at the same time."""

    def __init__(self, root: Path, entries: Sequence[str]) -> None:
        """`entries` are modules that most workers need. Raises OSError."""
        self._control, self._process = _started(root, "nursery", *entries)
        self._control.settimeout(ZYGOTE_SECONDS)

    @property
    def pid(self) -> int:
        return self._process.pid

    def zygote(self) -> ZygoteProcess:
        """For this process alone. Raises OSError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        return ZygoteProcess(ours)

    def let_go(self) -> None:
        """It ends when all that could ask have done so, or have ended."""
        self._control.close()

    def end(self) -> None:
        """For whoever started it. Zygotes that it bore live on."""
        self.let_go()
        self._process.kill()
        self._process.wait()


def _started(
    root: Path, module: str, *arguments: str
) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            _command(root, module, str(theirs.fileno()), *arguments),
            env={},
            cwd="/",
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return ours, process


def _command(root: Path, module: str, *arguments: str) -> list[str]:
    code = _BOOTSTRAP.format(module)
    return [sys.executable, "-I", "-X", "utf8", "-c", code, str(root), *arguments]


def _is_left(control: socket.socket) -> bool:
    """Whether nobody holds the other end any more."""
    if control.fileno() < 0:  # Closed here, by another thread.
        return True
    poller = select.poll()
    poller.register(control, 0)
    return any(event & select.POLLHUP for _, event in poller.poll(0))
