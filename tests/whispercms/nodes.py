"""A node as an operator runs it: real processes, a port, a state folder of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.sites import CONFIG, ROOT, SiteRepository

PAGE = "---\ntitle: One\n---\nbefore\n"
REPORT = {
    *("state", "commit", "parsed", "added", "changed", "removed"),
    *("problems", "seconds", "digest", "pinned", "registry", "fragments"),
}
"""The keys of `syncrepo --json`."""
MANAGE = (sys.executable, "manage.py")
START_SECONDS = 40.0
STOP_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Instance:
    """An installation: its state folder, its remote and other settings."""

    state: Path
    remote: str
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """As a shell with the virtual environment active has it, and nothing of this test run."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("WHISPERCMS_", "DJANGO_"))}
        own = {"STATE": str(self.state), "CONSOLE": "0", "HTTPS": "0"}
        own |= {"REMOTE": self.remote} if self.remote else {}
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PORT": str(self.port),
            **{f"WHISPERCMS_{name}": value for name, value in {**own, **self.settings}.items()},
        }

    def run(
        self, *command: str, seconds: float = START_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """A command of `manage.py` from start to end, which must come in time."""
        process = subprocess.Popen(
            [*MANAGE, *command],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            said, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            end_all(descendants(process.pid))
            raise
        return subprocess.CompletedProcess(command, process.returncode, said, errors)

    def get(self, path: str, host: str = "127.0.0.1", **headers: str) -> Page:
        connection = http.client.HTTPConnection(host, self.port, timeout=20)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=names)
            reply = connection.getresponse()
            found = {name.lower(): value for name, value in reply.getheaders()}
            return Page(reply.status, found, reply.read().decode())
        finally:
            connection.close()

    @contextmanager
    def started(self, *command: str) -> Iterator["Running"]:
        """Runs a command, `manage.py serve` without one, until the site answers; and ends it."""
        log = self.state.with_suffix(".log")
        with log.open("ab") as file:
            process = subprocess.Popen(
                command or [*MANAGE, "serve"],
                cwd=ROOT,
                env=self.environment(),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        running = Running(self, process, log)
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.kill()


@dataclass(frozen=True, slots=True)
class Running:
    """A node that answers."""

    instance: Instance
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        deadline = monotonic() + START_SECONDS
        while monotonic() < deadline:
            assert self.process.poll() is None, f"ended early:\n{self.log.read_text()}"
            with suppress(OSError, http.client.HTTPException):
                if self.instance.get("/healthz").status == 200:
                    return
            sleep(0.05)
        raise AssertionError(f"not ready in time:\n{self.log.read_text()}")

    def state(self, expected: str) -> Any:
        """What `/readyz` says once it says this state: the sync of a start goes on after it."""
        deadline = monotonic() + START_SECONDS
        while (said := self.instance.get("/readyz").json())["state"] != expected:
            assert monotonic() < deadline, said
            sleep(0.05)
        return said

    def family(self) -> set[tuple[int, str]]:
        """(process id, start time) of the process and all below it."""
        return descendants(self.process.pid)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal to the first process alone; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """Whatever is left, so that a failed test leaves nothing behind."""
        end_all(self.family())
        self.process.wait()


def made(folder: Path, **settings: str) -> tuple[SiteRepository, Instance]:
    """A site of one page and an instance that is to serve it."""
    repository = SiteRepository(folder / "remote.git")
    repository.commit({"config.toml": CONFIG, "content/one.md": PAGE})
    return repository, Instance(folder / "state", repository.path, free_port(), settings)


def program(pid: int) -> str:
    """What `serve` calls it, and all that was forked of it; nothing where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def descendants(pid: int) -> set[tuple[int, str]]:
    """(process id, start time) of a process and of all below it."""
    parents = dict(_parents())
    found = {pid}
    while more := {each for each, (up, _) in parents.items() if up in found} - found:
        found |= more
    return {(each, parents[each][1]) for each in found if each in parents}


def end_all(family: set[tuple[int, str]]) -> None:
    """All are halted first, so that none can start another meanwhile."""
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid, _ in alive(family):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def alive(family: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those that still run; a process id that was given to another does not count."""
    return family & {(pid, begun) for pid, (_, begun) in _parents()}


def gone(family: set[tuple[int, str]], seconds: float = 5.0) -> bool:
    """Whether all of them have ended, at once or shortly after."""
    deadline = monotonic() + seconds
    while alive(family) and monotonic() < deadline:
        sleep(0.05)
    return not alive(family)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _parents() -> Iterator[tuple[int, tuple[int, str]]]:
    """Process id → (its parent's, its start time) of all that run; see proc(5), `stat`."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields: Sequence[str] = (
                (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            )
            if fields[0] != "Z":
                yield int(folder.name), (int(fields[1]), fields[19])
