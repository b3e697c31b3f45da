"""Takes from a freshly forked worker all that it will not need, layer by layer, and says what held.

Runs in the child, before anything hostile is read. A layer that cannot be applied is reported,
never skipped in silence: the parent decides whether the rest is enough.
"""

import errno
import os
import resource
import signal
from collections.abc import Callable, Collection
from typing import Final

from apps.runtime import kernel, landlock, seccomp
from apps.runtime.limits import PROGRAM_DESCRIPTORS, Limits

SOCKET: Final = 3
"""The worker's one descriptor; 0 to 2 are /dev/null, so that what a C library prints is lost."""
NOBODY: Final = 65534
ON: Final = "on"
PROGRAM_READS: Final = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/urandom",
)
"""What an outside program may read and execute. Not all of /etc: it may hold keys and settings."""
PROGRAM_WRITES: Final = ("/dev/null",)


def confine(limits: Limits, parent: int, layers: Collection[str] | None = None) -> dict[str, str]:
    """Layer -> "on" or "off: reason". Only a proof names `layers`. Exits if `parent` is gone."""
    report = {}
    for name, apply in LAYERS.items():
        if layers is None or name in layers:
            report[name] = _attempt(apply, limits)
    if os.getppid() != parent:  # It died before the kernel was asked to tell us.
        os._exit(1)
    return report


def _attempt(apply: Callable[[Limits], None], limits: Limits) -> str:
    try:
        apply(limits)
    except (OSError, ValueError, AttributeError) as error:
        return f"off: {error}"
    return ON


def _close_descriptors(limits: Limits) -> None:
    os.closerange(SOCKET + 1, os.sysconf("SC_OPEN_MAX"))


def _bound_memory(limits: Limits) -> None:
    _limit(resource.RLIMIT_AS, limits.memory)


def _bound_core(limits: Limits) -> None:
    # 0 would still let a core_pattern that is a program have the memory: fs/coredump.c of Linux.
    _limit(resource.RLIMIT_CORE, 1)


def _bound_file_size(limits: Limits) -> None:
    _limit(resource.RLIMIT_FSIZE, 0)


def _bound_cpu(limits: Limits) -> None:
    seconds = limits.lifetime_cpu_seconds
    # At the soft limit the signal names the cause; at the hard one nothing can be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _become_nobody(limits: Limits) -> None:
    if os.geteuid() != 0:
        raise OSError(errno.EPERM, "not started as root, so it keeps its parent's user")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _drop_capabilities(limits: Limits) -> None:
    kernel.drop_capabilities()


def _bound_processes(limits: Limits) -> None:
    if limits.program is not None:
        raise OSError(errno.EBUSY, "the program is a process")
    _limit(resource.RLIMIT_NPROC, 0)


def _die_with_parent(limits: Limits) -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def _hide_memory(limits: Limits) -> None:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _forbid_new_privileges(limits: Limits) -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def _deny_files(limits: Limits) -> None:
    if limits.program is None:
        landlock.deny_files()
    else:
        landlock.deny_files(PROGRAM_READS, PROGRAM_WRITES)


def _deny_network(limits: Limits) -> None:
    landlock.deny_network()


def _deny_reaching_out(limits: Limits) -> None:
    landlock.deny_reaching_out()


def _bound_descriptors(limits: Limits) -> None:
    _limit(resource.RLIMIT_NOFILE, 0 if limits.program is None else PROGRAM_DESCRIPTORS)


def _filter_system_calls(limits: Limits) -> None:
    if limits.program is None:
        seccomp.confine_worker()
    else:
        seccomp.confine_program(writable=landlock.is_available())


def _clear_environment(limits: Limits) -> None:
    kernel.clear_environment()


def _limit(which: int, value: int) -> None:
    resource.setrlimit(which, (value, value))


LAYERS: Final[dict[str, Callable[[Limits], None]]] = {
    "environment": _clear_environment,
    "descriptors": _close_descriptors,
    "memory": _bound_memory,
    "core": _bound_core,
    "file-size": _bound_file_size,
    "cpu": _bound_cpu,
    "identity": _become_nobody,
    "capabilities": _drop_capabilities,
    "processes": _bound_processes,
    # Changing the user resets the next two.
    "parent-death": _die_with_parent,
    "dumpable": _hide_memory,
    "no-new-privileges": _forbid_new_privileges,
    "landlock-files": _deny_files,
    "landlock-network": _deny_network,
    "landlock-scope": _deny_reaching_out,
    # Landlock needs a descriptor, so this comes after it; seccomp refuses all of the above.
    "open-files": _bound_descriptors,
    "seccomp": _filter_system_calls,
}
"""In the order in which they must be applied."""
