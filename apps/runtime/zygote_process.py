"""One live zygote as its parent sees it: a process, and a socket for one question at a time."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from apps.runtime.frames import NONCE, FrameDecoder, FrameError, FrameStrayError, decode, encode
from apps.runtime.limits import CONTROL_BYTES, READ_BYTES, ZYGOTE_SECONDS

_LAST_SECONDS: Final = 1.0
_BOOTSTRAP: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from apps.runtime.zygote import main; main(int(sys.argv[2]))"
)


class ZygoteGoneError(Exception):
    """The zygote's socket closed or it does not answer."""


class ZygoteProcess:
    """One live zygote. Not thread-safe: `Zygote` holds the lock."""

    def __init__(self, root: Path) -> None:
        """Raises OSError."""
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                _command(root, theirs.fileno()),
                env={},
                cwd="/",
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control.settimeout(ZYGOTE_SECONDS)
        self.gone = False

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
        return not self.gone and self._process.poll() is None

    def end(self) -> None:
        """Its workers die with it, by the kernel's hand."""
        self.gone = True
        self._control.close()
        try:
            self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """In the child of a fork: it has no claim on the process, only a copy of the socket."""
        self.gone = True
        self._control.close()
        self._process.returncode = 0


def _command(root: Path, descriptor: int) -> list[str]:
    return [sys.executable, "-I", "-X", "utf8", "-c", _BOOTSTRAP, str(root), str(descriptor)]
