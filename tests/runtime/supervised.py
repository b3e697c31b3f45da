"""A supervisor of small programs in a process of its own, and what happens in it as lines."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, Self

from tests.sites import ROOT

MAIN = """
import json, sys
from apps.runtime import processes
from apps.runtime.logs import configure_logs
from apps.runtime.processes import Program, Programs
from apps.runtime.supervision import Restarts
configure_logs(readable=False)
programs, bounds, rule = json.loads(sys.argv[1])
for name, value in bounds.items():
    setattr(processes, name, value)
sys.exit(Programs([Program(**program) for program in programs], Restarts(**rule)).run())
"""
PATIENCE = 3.0
FIRST = 0.02
QUICK = {"POLL_SECONDS": 0.01, "STOP_SECONDS": 5.0}

STAYS = "echo up $NAME $$; trap 'echo bye $NAME; exit 0' TERM; while :; do sleep 0.01; done"
DEAF = "trap '' TERM; echo up $NAME $$; while :; do sleep 0.01; done"
ENDS = "echo up $NAME $$; exit 3"
CHILD = "echo up child $$; while :; do sleep 0.01; done"
PARENT = f"trap '' TERM; sh -c '{CHILD}' & echo up $NAME $$; wait; wait"


class Supervised:
    """`scripts` maps names to shell scripts; a list is a command instead. `options` of programs by
    their names. Its `with` leaves nothing running."""

    def __init__(
        self,
        scripts: Mapping[str, str | Sequence[str]],
        options: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
        attempts: int = 0,
        **bounds: float,
    ) -> None:
        programs = [
            {
                "name": name,
                "arguments": ["sh", "-c", script] if isinstance(script, str) else list(script),
                "environment": {"NAME": name},
                **options.get(name, {}),
            }
            for name, script in scripts.items()
        ]
        rule = {"first": FIRST, "attempts": attempts}
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, json.dumps([programs, {**QUICK, **bounds}, rule])],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.lines: list[str] = []
        self.pids: dict[str, int] = {}
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        started = [event["pid"] for event in self.events("started")]
        for pid in {*self.pids.values(), *started}:
            if alive(pid):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
        assert self.process.stdout
        self.process.stdout.close()

    def wait_for(self, text: str, times: int = 1) -> None:
        """Reads on until `text` was said so many times."""
        while sum(text in line for line in self.lines) < times:
            assert self._read(), f"it never said {text!r} but:\n" + "\n".join(self.lines)

    def _read(self) -> bool:
        """One more piece of what is said; False at the end, or after a long silence."""
        assert self.process.stdout
        descriptor = self.process.stdout.fileno()
        if not select.select([descriptor], [], [], PATIENCE)[0]:
            return False
        piece = os.read(descriptor, 65536)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self.lines.append(line.decode())
            if line.startswith(b"up "):
                _, name, pid = line.decode().split()
                self.pids[name] = int(pid)
        return bool(piece)

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """The exit code, once it has ended by itself."""
        return self.process.wait(PATIENCE)

    def events(self, name: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [event for event in found if event["event"] == name]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int) -> bool:
    """Waits for a process that is not ours to be gone; what was killed goes soon."""
    descriptor = os.pidfd_open(pid) if alive(pid) else None
    if descriptor is None:
        return True
    ended = bool(select.select([descriptor], [], [], PATIENCE)[0])
    os.close(descriptor)
    return ended
