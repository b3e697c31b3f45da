"""The few Linux calls which Python does not offer, by ctypes. Every failure is an OSError."""

import ctypes
import errno
import os
import platform
import sys
from contextlib import suppress
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
PR_GET_PDEATHSIG: Final = 2
PR_GET_DUMPABLE: Final = 3
PR_SET_DUMPABLE: Final = 4
PR_SET_NAME: Final = 15
PR_SET_SECCOMP: Final = 22
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_NO_NEW_PRIVS: Final = 39
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_PTRACE_SEIZE: Final = 0x4206
_M_ARENA_MAX: Final = -8
"""Source: malloc.h of the GNU C library."""
_CAPABILITY_VERSION_3: Final = 0x20080522
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def machine() -> str:
    """The name under which the system-call tables know this processor."""
    return {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine(), platform.machine())


def require_linux() -> None:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has this")


def prctl(option: int, *arguments: int) -> int:
    require_linux()
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_LIBC.prctl(option, *(ctypes.c_ulong(number) for number in padded)))


def system_call(number: int, *arguments: Any) -> int:
    """Arguments are ctypes values or pointers."""
    require_linux()
    _LIBC.syscall.restype = ctypes.c_long
    return _checked(_LIBC.syscall(ctypes.c_long(number), *arguments))


def pointer_to(structure: Any) -> Any:
    return ctypes.byref(structure)


def drop_capabilities() -> None:
    """Effective, permitted, inheritable and ambient sets become empty."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    _checked(_LIBC.capset(ctypes.byref(header), (ctypes.c_uint32 * 6)()))


def name_process(name: str) -> None:
    """As `ps -o comm` shows it; the kernel keeps 15 bytes."""
    text = ctypes.create_string_buffer(name.encode())
    prctl(PR_SET_NAME, ctypes.addressof(text))


def trace(pid: int) -> None:
    """Gives this process the memory of another, until either ends."""
    require_linux()
    _LIBC.ptrace.restype = ctypes.c_long
    _checked(_LIBC.ptrace(ctypes.c_long(_PTRACE_SEIZE), ctypes.c_int(pid), None, None))


def clear_environment() -> None:
    """Of Python and of the C library, which keeps its own copy."""
    os.environ.clear()
    _LIBC.clearenv()


def give_back() -> None:
    """What the C library keeps of memory that nobody uses any more, where it can."""
    with suppress(AttributeError):
        _LIBC.malloc_trim(0)


def bound_arenas(count: int) -> None:
    """In which the C library's threads take memory, where it has such: each keeps what it once had.
    To be called before there are threads."""
    with suppress(AttributeError):
        _LIBC.mallopt(_M_ARENA_MAX, count)


def environment_is_empty() -> bool:
    first = ctypes.POINTER(ctypes.c_char_p).in_dll(_LIBC, "environ")
    return not os.environ and not (first and first[0])


def _checked(result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
