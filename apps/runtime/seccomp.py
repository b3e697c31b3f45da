"""System-call filters, as raw BPF: what a worker, or the program it runs, may ask of the kernel.

A worker has an allow-list: it is ours and its needs are known; all else answers EPERM. What no
honest library tries (processes, sockets, signals, writing files, executable memory) kills, so that
an attack is over and seen. Reading files answers EPERM: honest code tries it (time zones, lazy
imports) and must not look like an attack. A program is not ours and its needs are unknown: it has
a deny-list, beside Landlock and an unprivileged user.
"""

import ctypes
import errno
import mmap
import os
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from apps.runtime import kernel
from apps.runtime.syscalls import AUDIT_ARCHITECTURES, number_of

ALLOW: Final = 0x7FFF0000
KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000
REFUSE: Final = _ERRNO | errno.EPERM
ABSENT: Final = _ERRNO | errno.ENOSYS

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16
_X32_BIT: Final = 0x40000000
_SECCOMP_MODE_FILTER: Final = 2

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_NEW_NAMESPACES: Final = 0x7E020000

_ALLOWED = """
    read write futex clock_gettime setitimer getpid getppid mmap munmap mprotect mremap brk
    madvise getrandom clock_getres clock_nanosleep nanosleep gettimeofday time gettid
    sched_yield restart_syscall rt_sigreturn rt_sigprocmask close sysinfo exit exit_group
"""
_PROCESSES = "execve execveat fork vfork clone clone3"
_SOCKETS = "socket connect bind listen accept accept4 sendto sendmsg sendmmsg recvmsg"
_SIGNALS = "kill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal"
_CHANGING_FILES = """
    creat link linkat symlink symlinkat rename renameat renameat2 unlink unlinkat mkdir mkdirat
    rmdir mknod mknodat truncate chmod fchmod fchmodat chown lchown fchown fchownat utime utimes
    utimensat futimesat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
"""
_IDENTITY = "setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset"
_OTHER_PROCESSES = """
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_open pidfd_getfd kcmp setsid
    setpgid
"""
_ADMINISTRATION = """
    mount umount2 move_mount fsopen fsconfig fsmount fspick open_tree mount_setattr pivot_root
    chroot unshare setns init_module finit_module delete_module kexec_load kexec_file_load
    reboot swapon swapoff acct quotactl syslog sethostname setdomainname settimeofday
    clock_settime clock_adjtime adjtimex iopl ioperm open_by_handle_at name_to_handle_at
"""
_KERNEL_SURFACE = """
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register add_key
    request_key keyctl memfd_secret seccomp
"""


@dataclass(frozen=True, slots=True)
class Always:
    names: str
    action: int


@dataclass(frozen=True, slots=True)
class WhenArgument:
    """Looks at the low half of one argument; flags and process ids lie there."""

    names: str
    argument: int
    test: int
    operand: int
    then: int
    otherwise: int


Rule = Always | WhenArgument


def worker_rules(pid: int) -> tuple[Rule, ...]:
    """`pid` may signal itself: that is how abort() ends."""
    return (
        WhenArgument("mmap mprotect", 2, _JUMP_ANY_BIT, mmap.PROT_EXEC, KILL, ALLOW),
        Always(_ALLOWED, ALLOW),
        WhenArgument("tgkill tkill", 0, _JUMP_EQUAL, pid, ALLOW, KILL),
        WhenArgument("open", 1, _JUMP_ANY_BIT, _WRITING, KILL, REFUSE),
        WhenArgument("openat", 2, _JUMP_ANY_BIT, _WRITING, KILL, REFUSE),
        Always("openat2 socketpair", KILL),
        Always(_PROCESSES + " " + _SOCKETS + " " + _SIGNALS, KILL),
        Always(_CHANGING_FILES + _IDENTITY + _OTHER_PROCESSES + _ADMINISTRATION, KILL),
        Always(_KERNEL_SURFACE, KILL),
    )


def program_rules(*, writable: bool) -> tuple[Rule, ...]:
    """Refuses rather than kills where libraries probe: user names by socket, clone3, io_uring.

    Ruby, for one, opens /dev/null for writing: `writable` leaves the choice of files to Landlock.
    """
    writing = ALLOW if writable else REFUSE
    return (
        WhenArgument("open", 1, _JUMP_ANY_BIT, _WRITING, writing, ALLOW),
        WhenArgument("openat", 2, _JUMP_ANY_BIT, _WRITING, writing, ALLOW),
        WhenArgument("clone", 0, _JUMP_ANY_BIT, _NEW_NAMESPACES, KILL, ALLOW),
        Always("clone3 openat2 io_uring_setup io_uring_enter io_uring_register", ABSENT),
        Always(_SOCKETS + " " + _SIGNALS + _CHANGING_FILES + _IDENTITY, REFUSE),
        Always("setsid setpgid syslog personality", REFUSE),
        Always(_OTHER_PROCESSES + _ADMINISTRATION + _KERNEL_SURFACE, KILL),
    )


def confine_worker() -> None:
    """Raises OSError where the kernel or this processor has no filters."""
    _install(compile_rules(worker_rules(os.getpid()), REFUSE, kernel.machine()))


def confine_program(*, writable: bool) -> None:
    _install(compile_rules(program_rules(writable=writable), ALLOW, kernel.machine()))


def compile_rules(rules: Sequence[Rule], default: int, machine: str) -> bytes:
    """BPF over `struct seccomp_data`; the first rule which names a call decides."""
    if machine not in AUDIT_ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no system-call table for {machine}")
    body = [
        _instruction(_LOAD, _ARCHITECTURE_OFFSET),
        # Another architecture's calls (32-bit on a 64-bit kernel) have other numbers.
        _instruction(_JUMP_EQUAL, AUDIT_ARCHITECTURES[machine], 1, 0),
        _instruction(_RETURN, KILL),
        _instruction(_LOAD, _NUMBER_OFFSET),
        _instruction(_JUMP_AT_LEAST, _X32_BIT, 0, 1),
        _instruction(_RETURN, KILL),
    ]
    for rule in rules:
        for number in _numbers(rule.names.split(), machine):
            body += _compile_rule(rule, number)
    return b"".join([*body, _instruction(_RETURN, default)])


def _numbers(names: Iterable[str], machine: str) -> list[int]:
    found = (number_of(name, machine) for name in names)
    return [number for number in found if number is not None]


def _compile_rule(rule: Rule, number: int) -> list[bytes]:
    if isinstance(rule, Always):
        return [
            _instruction(_JUMP_EQUAL, number, 0, 1),
            _instruction(_RETURN, rule.action),
        ]
    return [
        _instruction(_JUMP_EQUAL, number, 0, 4),
        _instruction(_LOAD, _ARGUMENTS_OFFSET + 8 * rule.argument),
        _instruction(rule.test, rule.operand, 0, 1),
        _instruction(_RETURN, rule.then),
        _instruction(_RETURN, rule.otherwise),
    ]


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, operand)


def _install(program: bytes) -> None:
    kernel.require_linux()
    instructions = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog { unsigned short len; struct sock_filter *filter; }
    packed = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    header = ctypes.create_string_buffer(packed, len(packed))
    kernel.prctl(kernel.PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))
