"""Worker module of the proofs: tries, one at a time, what confinement is to prevent.

An act returns None when it was refused, else what was possible. Some end in the worker's death,
which is a refusal too.
"""

import ctypes
import mmap
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from apps.runtime import kernel
from apps.runtime.confinement import SOCKET

_DISCARD_PORT: Final = 9
_ENDLESS: Final = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
_MOMENT: Final = 0.002


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is the memory limit in bytes; a request is the name of an act."""

    def answer(act: Any) -> str | None:
        try:
            return ACTS[act](setup)
        except (OSError, ValueError, MemoryError):
            return None

    return answer


def _read_environment(_: int) -> str | None:
    inherited = Path("/proc/self/environ")
    if not kernel.environment_is_empty():
        return "variables can be read"
    return (
        "inherited variables can be read" if inherited.exists() and inherited.read_bytes() else None
    )


def _use_descriptor(_: int) -> str | None:
    for descriptor in range(SOCKET + 1, 256):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return f"descriptor {descriptor} is open"
    return None


def _allocate(memory: int) -> str | None:
    return f"{len(mmap.mmap(-1, memory))} bytes can be had"


def _dump_core(_: int) -> str | None:
    # Whether and where a real dump is left is up to the machine's core_pattern.
    resource.setrlimit(resource.RLIMIT_CORE, _ENDLESS)
    return "memory can be dumped"


def _grow_file(_: int) -> str | None:
    return f"{os.write(os.memfd_create('proof'), b'x')} byte can be written"


def _live_for_ever(_: int) -> str | None:
    # The limit counts whole seconds: too long to wait for.
    resource.setrlimit(resource.RLIMIT_CPU, _ENDLESS)
    return "CPU time has no end"


def _run_for_ever(_: int) -> str | None:
    while True:
        pass


def _become_root(_: int) -> str | None:
    os.setuid(0)
    return "root can be had"


def _change_root(_: int) -> str | None:
    os.chroot("/")
    return "the root folder can be changed"


def _start_process(_: int) -> str | None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "a process can be started"


def _outlive_parent(_: int) -> str | None:
    """A fork does not inherit the setting, so a grandchild repeats it and loses its parent."""
    chosen = ctypes.c_int(0)
    kernel.prctl(kernel.PR_GET_PDEATHSIG, ctypes.addressof(chosen))
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    child = os.fork()
    if child == 0:
        _lose_parent(chosen.value)
    statuses = dict(os.waitpid(-1, 0) for _ in range(2))
    (grandchild,) = statuses.keys() - {child}
    return None if os.WIFSIGNALED(statuses[grandchild]) else "it outlives its parent"


def _lose_parent(chosen: int) -> NoReturn:
    try:
        parent = os.getpid()
        if os.fork() == 0:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, chosen)
            os.kill(parent, signal.SIGKILL)
            while os.getppid() == parent:
                time.sleep(_MOMENT)
            time.sleep(_MOMENT)  # The signal comes just after the new parent.
        else:
            signal.pause()
    finally:
        os._exit(0)


def _be_dumped(_: int) -> str | None:
    """By its parent, which may trace it where it may trace anybody; the flag is inherited."""
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        kernel.trace(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return "its memory can be read"


def _gain_privileges(_: int) -> str | None:
    # Read back: a system may have no setuid program, and others watch for those being run.
    return None if kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) else "programs can raise privileges"


def _read_file(_: int) -> str | None:
    os.open("/", os.O_RDONLY)
    return "a file can be opened"


def _write_file(_: int) -> str | None:
    os.open("/dev/null", os.O_WRONLY)
    return "a file can be opened for writing"


def _create_socket(_: int) -> str | None:
    socket.socket()
    return "a socket can be made"


def _connect(_: int) -> str | None:
    try:
        socket.socket().connect(("127.0.0.1", _DISCARD_PORT))
    except PermissionError:
        return None
    except OSError:  # The kernel let it through, to where nobody listens.
        pass
    return "a connection can be tried"


def _signal_parent(_: int) -> str | None:
    os.kill(os.getppid(), 0)
    return "the parent can be signalled"


def _run_program(_: int) -> str | None:
    os.execv("/bin/true", ["true"])  # noqa: S606


ACTS: Final[dict[str, Callable[[int], str | None]]] = {
    "read environment": _read_environment,
    "use descriptor": _use_descriptor,
    "allocate": _allocate,
    "dump core": _dump_core,
    "grow file": _grow_file,
    "live for ever": _live_for_ever,
    "run for ever": _run_for_ever,
    "become root": _become_root,
    "change root": _change_root,
    "start process": _start_process,
    "outlive parent": _outlive_parent,
    "be dumped": _be_dumped,
    "gain privileges": _gain_privileges,
    "read file": _read_file,
    "write file": _write_file,
    "create socket": _create_socket,
    "connect": _connect,
    "signal parent": _signal_parent,
    "run program": _run_program,
}
