"""Landlock (Linux 5.13 and later): files, TCP ports and signals, each as a rule set of its own.

Separate rule sets cost some microseconds and let each be reported and proved by itself.
Source: linux/landlock.h and the kernel's Documentation/userspace-api/landlock.rst.
"""

import ctypes
import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from apps.runtime import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG: Final = 1
_RULE_PATH_BENEATH: Final = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FILE_RIGHTS_BY_ABI: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_ABI, _SCOPE_ABI = 4, 6
_TCP_BIND_AND_CONNECT: Final = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scope", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Raises OSError where the kernel has no Landlock or it is switched off."""
    return kernel.system_call(
        _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)
    )


def is_available() -> bool:
    try:
        return abi() > 0
    except OSError:
        return False


def deny_files(readable: Iterable[str] = (), writable: Iterable[str] = ()) -> None:
    """All but reading and executing below `readable`, and writing the files `writable`."""
    rights = (1 << _FILE_RIGHTS_BY_ABI[min(abi(), max(_FILE_RIGHTS_BY_ABI))]) - 1
    ruleset = _create(_Ruleset(files=rights), 8)
    try:
        for path in readable:
            _allow(ruleset, path, READ_FILE | READ_DIR | EXECUTE)
        for path in writable:
            _allow(ruleset, path, READ_FILE | WRITE_FILE)
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def deny_network() -> None:
    """TCP bind and connect. Sockets as such and UDP are refused by seccomp alone."""
    _require(_NETWORK_ABI)
    _apply(_Ruleset(network=_TCP_BIND_AND_CONNECT), 16)


def deny_reaching_out() -> None:
    """Signals to, and abstract sockets of, processes outside."""
    _require(_SCOPE_ABI)
    _apply(_Ruleset(scope=_ABSTRACT_SOCKETS_AND_SIGNALS), 24)


def _apply(rules: _Ruleset, size: int) -> None:
    ruleset = _create(rules, size)
    try:
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def _require(wanted: int) -> None:
    found = abi()
    if found < wanted:
        raise OSError(errno.EOPNOTSUPP, f"Landlock ABI {found}, needs {wanted}")


def _create(rules: _Ruleset, size: int) -> int:
    return kernel.system_call(
        _CREATE_RULESET, kernel.pointer_to(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )


def _restrict(ruleset: int) -> None:
    kernel.system_call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not Path(path).exists():  # Systems differ; what is not there needs no right.
        return
    # A right which only folders know makes the kernel refuse a rule about a file.
    allowed = rights if Path(path).is_dir() else rights & ~READ_DIR
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(allowed, descriptor)
        kernel.system_call(
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            kernel.pointer_to(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(descriptor)
