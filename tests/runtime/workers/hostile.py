"""Does to its parent what it is asked to do."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from apps.runtime.frames import encode

SOCKET = 3


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError


def open(setup: Any) -> Callable[[Any], Any]:
    return lambda request: ACTS[request[0]](*request[1:])


def loop() -> None:
    while True:
        pass


def allocate() -> int:
    return len([bytearray(1 << 20) for _ in range(1 << 20)])


def fail(message: str) -> None:
    raise ValueError(message)


def fail_unprintably() -> None:
    raise Unprintable


def write(data: str) -> None:
    """Instead of an answer. N stands for the nonce of the request."""
    os.write(SOCKET, bytes.fromhex(data.replace("N", nonce().hex())))
    time.sleep(60)


def answer_twice(first: Any, seconds: float, second: Any) -> Any:
    """The second after a pause, when the parent may have asked something else."""
    os.write(SOCKET, encode({"value": first}, 1000, nonce()))
    time.sleep(seconds)
    return second


def nonce() -> bytes:
    """A compromised worker finds it, since the honest loop has it."""
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    return bytes(frame.f_locals["nonce"])


def answer_late(seconds: float, value: Any) -> Any:
    time.sleep(seconds)
    return value


def close_and_linger() -> None:
    os.close(SOCKET)
    time.sleep(60)


ACTS: dict[str, Callable[..., Any]] = {
    "loop": loop,
    "allocate": allocate,
    "abort": os.abort,
    "read nothing": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "fail": fail,
    "fail unprintably": fail_unprintably,
    "write": write,
    "answer late": answer_late,
    "answer twice": answer_twice,
    "answer long": lambda length: "x" * length,
    "answer oddly": lambda: {1, 2},
    "close and linger": close_and_linger,
    "name itself": os.getpid,
}
