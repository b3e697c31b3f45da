"""The life of a confined worker: confine itself, open its module, answer requests until killed.

It sends what confinement achieved, before it reads anything hostile, then one reply to the setup
and one to each request.
No exception may end in a traceback: printing one would have to open source files.
"""

import os
import signal
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from types import ModuleType
from typing import Any

from apps.runtime.confinement import SOCKET, confine
from apps.runtime.frames import FrameDecoder, decode, encode
from apps.runtime.limits import CONTROL_BYTES, FAULT_CHARACTERS, READ_BYTES, Limits

Answer = Callable[[Any], Any]


def run(module: ModuleType, limits: Limits, parent: int, layers: Collection[str] | None) -> None:
    """Returns when the other side closes the socket, or when `open` fails."""
    _be_quiet()
    _write(encode({"value": confine(limits, parent, layers)}, CONTROL_BYTES))
    answer = _open(module, limits)
    if answer is None:
        return
    decoder = FrameDecoder(limits.request_bytes)
    while (payload := _read(decoder)) is not None:
        _write(_respond(answer, payload, decoder.nonce, limits))


def _be_quiet() -> None:
    """Nothing is printed, and what was not imported before is simply not there."""
    sys.stdin = sys.stdout = sys.stderr = None
    sys.path.clear()
    sys.path_importer_cache.clear()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _open(module: ModuleType, limits: Limits) -> Answer | None:
    opened: list[Answer] = []

    def open_module(setup: Any) -> bool:
        opened.append(module.open(setup))
        return True

    decoder = FrameDecoder(limits.setup_bytes)
    payload = _read(decoder)
    if payload is not None:
        opening = replace(limits, cpu_seconds=limits.start_seconds, reply_bytes=CONTROL_BYTES)
        _write(_respond(open_module, payload, decoder.nonce, opening))
    return opened[0] if opened else None


def _respond(answer: Answer, payload: bytes, nonce: bytes, limits: Limits) -> bytes:
    # The signal's default action kills: it works in the middle of a C call and needs no Python.
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    try:
        frame = encode({"value": answer(decode(payload))}, limits.reply_bytes, nonce)
    except BaseException as error:
        frame = _fault(error, nonce)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return frame


def _fault(error: BaseException, nonce: bytes) -> bytes:
    try:
        message = str(error)
    except BaseException:
        message = ""
    readable = message[:FAULT_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    fault = {"kind": type(error).__name__, "message": readable}
    return encode({"fault": fault}, CONTROL_BYTES, nonce)


def _read(decoder: FrameDecoder) -> bytes | None:
    """The next payload, or None at the end. Blocks."""
    while chunk := os.read(SOCKET, READ_BYTES):
        payload = decoder.feed(chunk)
        if payload is not None:
            return payload
    return None


def _write(frame: bytes) -> None:
    sent = os.write(SOCKET, frame)
    while sent < len(frame):
        sent += os.write(SOCKET, memoryview(frame)[sent:])
