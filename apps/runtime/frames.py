"""Messages between processes: four bytes of length (big-endian), eight of nonce, then JSON.

A reply repeats the nonce of its request, so that none can be taken for the answer to another.
Both directions are decoded as if the sender were hostile: only FrameError escapes, and no more is
ever held than the limit and one read.
"""

from typing import Any, Final

import orjson

from apps.runtime.limits import MAX_DEPTH

LENGTH: Final = 4
NONCE: Final = 8
HEADER: Final = LENGTH + NONCE
UNASKED: Final = bytes(NONCE)
"""The nonce of a message that answers nothing."""
PARTS_DEEP: Final = 4
Part: Final = orjson.Fragment
"""What `part` made, to be put into a value that is encoded."""
_INT64: Final = range(-(2**63), 2**63)
_LEAVES: Final = frozenset((str, bool, float, type(None), Part))
"""Most of what there is in any message."""


class FrameError(Exception):
    """The bytes, or the value to be sent, are not a message within bounds."""


class FrameTooLongError(FrameError):
    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"a message of {length} bytes; the limit is {limit}")
        self.length = length
        self.limit = limit


class FrameUnreadableError(FrameError):
    """Not JSON, nested too deeply, an integer beyond int64, or bytes after the end."""


class FrameStrayError(FrameError):
    """Nobody asked for this message."""


class FrameDecoder:
    """Puts one message at a time together from reads of any size."""

    __slots__ = ("_buffer", "_limit", "nonce")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self.nonce = UNASKED
        """Of the last message that was completed."""

    def feed(self, data: bytes) -> bytes | None:
        """The payload when it is complete. Raises FrameError as soon as the length is known."""
        held: bytes | bytearray = data
        if self._buffer:
            self._buffer += data
            held = self._buffer
        end = HEADER + self._length(held)
        if len(held) == end:
            self.nonce = bytes(held[LENGTH:HEADER])
            payload = bytes(memoryview(held)[HEADER:])
            self._buffer = bytearray()
            return payload
        if len(held) > end:
            raise FrameUnreadableError(f"{len(held) - end} bytes follow the end of the message")
        if held is data:
            self._buffer = bytearray(data)
        return None

    def _length(self, held: bytes | bytearray) -> int:
        """Of the payload; while it has not arrived, more than there can be."""
        if len(held) < LENGTH:
            return self._limit + 1
        length = int.from_bytes(held[:LENGTH], "big")
        if length > self._limit:
            raise FrameTooLongError(length, self._limit)
        return length


def encode(value: Any, limit: int, nonce: bytes = UNASKED) -> bytes:
    """The whole frame. Tuples go as lists, not-a-number as null. Raises FrameError."""
    check(value)
    try:
        payload = orjson.dumps(value)
    except TypeError as error:
        raise FrameUnreadableError(f"not JSON-like: {error}") from None
    if len(payload) > limit:
        raise FrameTooLongError(len(payload), limit)
    return b"".join((len(payload).to_bytes(LENGTH, "big"), nonce, payload))


def part(value: Any) -> bytes:
    """A value that stands PARTS_DEEP levels deep in a message, encoded once. Raises FrameError."""
    check(value, MAX_DEPTH - PARTS_DEEP)
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise FrameUnreadableError(f"not JSON-like: {error}") from None


def size(value: Any) -> int:
    """Bytes that a value takes which came in a message."""
    return len(orjson.dumps(value))


def with_nonce(frame: bytes, nonce: bytes) -> bytes:
    """The same message under another nonce; a copy, which is far cheaper than encoding again."""
    return b"".join((frame[:LENGTH], nonce, memoryview(frame)[HEADER:]))


def decode(payload: bytes) -> Any:
    """None, bool, int64, finite float, str, list or dict with str keys, at most MAX_DEPTH deep."""
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise FrameUnreadableError(f"not JSON: {error}") from None
    check(value)
    return value


def check(value: Any, depth: int = MAX_DEPTH) -> None:
    """Raises FrameUnreadableError where a value is too deep or holds an integer beyond int64. What
    is in a Part was checked when that was made."""
    level = [value]
    for _ in range(depth + 1):
        below: list[Any] = []
        for node in level:
            kind = type(node)
            if kind in _LEAVES:
                continue
            if kind is dict:
                below.extend(node.values())
            elif kind is list or kind is tuple:
                below.extend(node)
            elif kind is int and node not in _INT64:
                raise FrameUnreadableError("an integer beyond 64 bits")
        if not below:
            return
        level = below
    raise FrameUnreadableError(f"nested deeper than {depth}")
