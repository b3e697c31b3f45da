"""Worker module that runs one fixed outside program: request text on stdin, stdout as the answer.

Meant for `Limits(program=...)`. The program inherits the worker's confinement and process group, so
it ends when the worker is killed.
"""

import math
import os
import resource
import select
import signal
import subprocess
from collections.abc import Callable
from typing import IO, Any, Final

from apps.runtime import kernel
from apps.runtime.limits import FRAME_CEILING, READ_BYTES

_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


class ProgramError(Exception):
    """It wrote too much, took too long, or ended with another status than 0."""


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup`: {"argv": [absolute path, argument, ...], "seconds": per run, "bytes": of output}."""
    argv: list[str] = setup["argv"]
    seconds: float = setup["seconds"]
    most: int = setup.get("bytes", FRAME_CEILING)

    def run(text: str) -> str:
        with subprocess.Popen(
            argv,
            env=_ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=lambda: _limit_run(seconds),
        ) as program:
            output = _converse(program, text.encode(), most)
        if program.returncode != 0:
            raise ProgramError(f"{argv[0]} ended with status {program.returncode}")
        return output.decode("utf-8", "replace")

    return run


def _limit_run(seconds: float) -> None:
    """Between fork and exec. The worker itself could not kill: its filter refuses signals."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    cpu = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))


def _converse(program: subprocess.Popen[bytes], text: bytes, most: int) -> bytes:
    """Writes and reads by turns, since either pipe may be full. Raises ProgramError."""
    stdin, stdout = _pipe(program.stdin), _pipe(program.stdout)
    os.set_blocking(stdin.fileno(), False)
    unsent, output = memoryview(text), bytearray()
    poller = select.poll()
    poller.register(stdin, select.POLLOUT)
    poller.register(stdout, select.POLLIN)
    while True:
        ready = [descriptor for descriptor, _ in poller.poll()]
        if not stdin.closed and stdin.fileno() in ready:
            unsent = _write(stdin, unsent)
            if not unsent:
                poller.unregister(stdin)
                stdin.close()
        if stdout.fileno() in ready:
            chunk = os.read(stdout.fileno(), READ_BYTES)
            output += chunk
            if not chunk:
                return bytes(output)
            if len(output) > most:
                raise ProgramError(f"it wrote more than {most} bytes")


def _write(pipe: IO[bytes], unsent: memoryview) -> memoryview:
    try:
        return unsent[os.write(pipe.fileno(), unsent) :]
    except BrokenPipeError:  # It does not want to read the rest.
        return unsent[:0]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ProgramError("it has no pipe")
    return pipe
