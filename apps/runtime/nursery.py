"""The process that the zygotes of a node are forked from, so that each need not load again what its
workers need.

It is as clean as a zygote that was started alone, is told nothing but where a new one is to listen,
and ends when nobody is left to tell it.
"""

import gc
import importlib
import os
import signal
import socket
from typing import NoReturn

from apps.runtime.zygote import Zygote, keep_to_itself


def serve(control: socket.socket) -> None:
    """Each byte brings a descriptor: processes that share the other end cannot mix theirs up."""
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            return
        for descriptor in descriptors:
            _bear(control, descriptor)
            os.close(descriptor)


def _bear(control: socket.socket, descriptor: int) -> None:
    """Where that fails the other side sees its socket closed."""
    try:
        child = os.fork()
    except OSError:
        return
    if child == 0:
        _become_zygote(control, descriptor)


def _become_zygote(control: socket.socket, descriptor: int) -> NoReturn:
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        Zygote(socket.socket(fileno=descriptor)).serve()
    finally:
        os._exit(0)


def main(descriptor: int, *entries: str) -> None:
    keep_to_itself()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for its zygotes.
    for entry in entries:
        importlib.import_module(entry)
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=descriptor))
