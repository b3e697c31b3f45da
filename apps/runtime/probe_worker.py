"""Worker module of the proofs: tries, one at a time, what confinement is to prevent.

An act returns None when it was refused, else what was possible. Some end in the worker's death,
which is a refusal too.
"""

import contextlib
import ctypes
import os
import resource
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from apps.runtime import kernel
from apps.runtime.confinement import SOCKET

_DISCARD_PORT: Final = 9


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is the memory limit in bytes; a request is the name of an act."""

    def answer(act: Any) -> str | None:
        try:
            return ACTS[act](setup)
        except (OSError, MemoryError):
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
    return f"{len(bytearray(memory))} bytes can be allocated"


def _dump_core(_: int) -> str | None:
    return None if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else "memory can be dumped"


def _grow_file(_: int) -> str | None:
    return f"{os.write(os.memfd_create('proof'), b'x')} byte can be written"


def _run_for_ever(_: int) -> str | None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    return "CPU time has no end" if hard == resource.RLIM_INFINITY else None


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
    chosen = ctypes.c_int(0)
    kernel.prctl(kernel.PR_GET_PDEATHSIG, ctypes.addressof(chosen))
    return None if chosen.value == signal.SIGKILL else "it outlives its parent"


def _be_dumped(_: int) -> str | None:
    return "its memory can be read" if kernel.prctl(kernel.PR_GET_DUMPABLE) else None


def _gain_privileges(_: int) -> str | None:
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
    with contextlib.suppress(ConnectionRefusedError):  # Then the kernel let it through to the port.
        socket.socket().connect(("127.0.0.1", _DISCARD_PORT))
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
