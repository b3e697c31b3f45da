"""The compiled filters for both processors, run by a small interpreter of BPF."""

import mmap
import os
import struct
from collections.abc import Sequence

import pytest

from apps.runtime import seccomp
from apps.runtime.seccomp import ABSENT, ALLOW, KILL, REFUSE
from apps.runtime.syscalls import _NUMBERS, AUDIT_ARCHITECTURES, number_of
from tests.tables import each_of

MACHINES = sorted(AUDIT_ARCHITECTURES)
PID = 4711
HOSTILE = [
    *("execve", "clone", "clone3", "fork", "vfork", "ptrace", "process_vm_readv", "kill", "setsid"),
    *("socket", "openat2", "creat", "unlinkat", "mount", "bpf", "io_uring_setup", "setuid"),
]
READING, WRITING = os.O_RDONLY | os.O_CLOEXEC, os.O_WRONLY | os.O_CREAT


def action(program: bytes, number: int, audit: int, arguments: Sequence[int] = ()) -> int:
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<iIQ6Q", number, audit, 0, *padded)
    instructions = list(struct.iter_unpack("<HBBI", program))
    accumulator, place = 0, 0
    while True:
        code, if_true, if_false, operand = instructions[place]
        place += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, operand)
        elif code == 0x06:
            return int(operand)
        else:
            tests = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: bool(accumulator & operand),
            }
            place += if_true if tests[code] else if_false


def worker_action(machine: str, name: str, *arguments: int) -> int | None:
    program = seccomp.compile_rules(seccomp.worker_rules(PID), REFUSE, machine)
    number = number_of(name, machine)
    if number is None:
        return None
    return action(program, number, AUDIT_ARCHITECTURES[machine], arguments)


def program_action(machine: str, name: str, *arguments: int, writable: bool = True) -> int | None:
    rules = seccomp.program_rules(writable=writable)
    program = seccomp.compile_rules(rules, ALLOW, machine)
    number = number_of(name, machine)
    if number is None:
        return None
    return action(program, number, AUDIT_ARCHITECTURES[machine], arguments)


@each_of("machine", MACHINES)
@each_of("name", ["read", "write", "futex", "setitimer", "munmap", "exit_group"])
def test_a_worker_may_answer(machine: str, name: str) -> None:
    assert worker_action(machine, name) == ALLOW


@each_of("machine", MACHINES)
@each_of("name", HOSTILE)
def test_what_no_honest_worker_tries_kills(machine: str, name: str) -> None:
    assert worker_action(machine, name) in (KILL, None)


@pytest.mark.parametrize("machine", MACHINES)
def test_reading_a_file_is_refused_and_writing_one_kills(machine: str) -> None:
    assert worker_action(machine, "openat", 0, 0, READING) == REFUSE
    assert worker_action(machine, "openat", 0, 0, WRITING) == KILL


def test_the_older_open_is_judged_by_its_own_argument() -> None:
    assert worker_action("x86_64", "open", WRITING, READING) == REFUSE
    assert worker_action("x86_64", "open", 0, WRITING) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", ["mmap", "mprotect"])
def test_memory_may_be_had_but_not_made_executable(machine: str, name: str) -> None:
    assert worker_action(machine, name, 0, 0, mmap.PROT_READ | mmap.PROT_WRITE) == ALLOW
    assert worker_action(machine, name, 0, 0, mmap.PROT_READ | mmap.PROT_EXEC) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", ["tgkill", "tkill"])
def test_a_worker_may_abort_itself_but_signal_nobody_else(machine: str, name: str) -> None:
    assert worker_action(machine, name, PID, PID, 6) == ALLOW
    assert worker_action(machine, name, 1, 1, 9) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_which_nobody_listed_are_refused_to_a_worker(machine: str) -> None:
    program = seccomp.compile_rules(seccomp.worker_rules(PID), REFUSE, machine)
    named = {numbers[MACHINES[::-1].index(machine)] for numbers in _NUMBERS.values()}
    for number in sorted(set(range(600)) - named):
        assert action(program, number, AUDIT_ARCHITECTURES[machine]) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_architecture_kill(machine: str) -> None:
    program = seccomp.compile_rules(seccomp.program_rules(writable=True), ALLOW, machine)
    i386 = 0x40000003
    assert action(program, 0, i386) == KILL
    assert action(program, 0x40000000, AUDIT_ARCHITECTURES[machine]) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_a_program_may_run_and_read_and_start_processes(machine: str) -> None:
    for name in ("read", "execve", "clone", "mmap", "brk"):
        assert program_action(machine, name) == ALLOW
    assert program_action(machine, "openat", 0, 0, READING) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_a_program_may_not_reach_out_or_change_files(machine: str) -> None:
    for name in ("socket", "connect", "kill", "unlinkat", "fchmodat", "setsid", "setuid"):
        assert program_action(machine, name) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_a_program_opens_for_writing_only_what_landlock_guards(machine: str) -> None:
    assert program_action(machine, "openat", 0, 0, WRITING) == ALLOW
    assert program_action(machine, "openat", 0, 0, WRITING, writable=False) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_a_program_which_attacks_is_killed(machine: str) -> None:
    for name in ("ptrace", "mount", "unshare", "bpf", "process_vm_writev"):
        assert program_action(machine, name) == KILL
    new_user_namespace = 0x10000000
    assert program_action(machine, "clone", new_user_namespace) == KILL
    assert program_action(machine, "clone3") == ABSENT


def test_an_unknown_processor_is_an_error_and_not_an_empty_filter() -> None:
    with pytest.raises(OSError, match="riscv64"):
        seccomp.compile_rules(seccomp.program_rules(writable=True), ALLOW, "riscv64")
