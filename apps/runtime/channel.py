"""One worker's socket in the parent: sends a frame and puts the reply together, never blocking."""

import os
import select
import socket
from typing import Final

from apps.runtime.frames import NONCE, UNASKED, FrameDecoder, FrameStrayError, with_nonce
from apps.runtime.limits import READ_BYTES

_NO_SIGNAL: Final = getattr(socket, "MSG_NOSIGNAL", 0)


class ChannelClosedError(Exception):
    """The worker's end is gone, so the worker is, or soon will be."""


class Channel:
    """Half duplex: `begin` sends a frame; `advance`, called when poll() says so, has the reply."""

    __slots__ = ("_arrivals", "_decoder", "_nonce", "_socket", "_unsent", "descriptor")

    def __init__(self, own: socket.socket) -> None:
        own.setblocking(False)
        self._socket = own
        self._decoder = FrameDecoder(0)
        self._nonce = UNASKED
        self._unsent = memoryview(b"")
        self.descriptor = own.fileno()
        self._arrivals = select.poll()
        self._arrivals.register(self.descriptor, select.POLLIN)

    @property
    def interest(self) -> int:
        return select.POLLOUT if self._unsent else select.POLLIN

    def expect(self, limit: int) -> None:
        """The next replies may have `limit` bytes."""
        self._decoder = FrameDecoder(limit)

    def begin(self, frame: bytes) -> None:
        """Raises ChannelClosedError where the worker was gone before it was asked.

        Raises FrameError where it has said something since its last answer.
        """
        if self._arrivals.poll(0):
            self._refuse_arrival()
        self._nonce = os.urandom(NONCE)
        self._unsent = memoryview(with_nonce(frame, self._nonce))
        self._flush()

    def advance(self) -> bytes | None:
        """The reply's payload once it is complete. Raises ChannelClosedError and FrameError."""
        if self._unsent:
            self._flush()
        while not self._unsent:
            try:
                data = self._socket.recv(READ_BYTES)
            except BlockingIOError:
                return None
            except OSError as error:
                raise ChannelClosedError from error
            if not data:
                raise ChannelClosedError
            payload = self._decoder.feed(data)
            if payload is not None:
                return self._expected(payload)
        return None

    def close(self) -> None:
        self._socket.close()

    def _expected(self, payload: bytes) -> bytes:
        if self._decoder.nonce != self._nonce:
            raise FrameStrayError("an answer to another question")
        return payload

    def _refuse_arrival(self) -> None:
        """The end of the worker, or words that nobody asked for."""
        try:
            said = self._socket.recv(1)
        except OSError as error:
            raise ChannelClosedError from error
        if not said:
            raise ChannelClosedError
        raise FrameStrayError("it spoke before it was asked")

    def _flush(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent, _NO_SIGNAL) :]
        except BlockingIOError:
            return
        except OSError as error:
            raise ChannelClosedError from error
