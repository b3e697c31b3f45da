"""What is told of the parts that run beside the requests, and that they come back."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag
from time import monotonic, sleep
from typing import Any

import pytest

from apps.runtime.emissions import Event
from apps.runtime.events import EventBus
from apps.runtime.parts import ThreadPart
from apps.runtime.standing_file import read_standings, write_standings
from apps.runtime.supervision import Restarts, Standing, State
from apps.runtime.supervisor import Supervisor
from tests.whispercms.nodes import Instance, Running, alive, descendants, made, program
from whispercms.reports import all_standings, component_file, program_file
from whispercms.supervised import follow_programs, tell

PATIENCE = 20.0


@pytest.fixture
def heard() -> Iterator[tuple[EventBus, list[Event]]]:
    bus, seen = EventBus(), list[Event]()
    bus.subscribe("system.component.*", seen.append, name="all")
    bus.start()
    yield bus, seen
    bus.stop(PATIENCE)
    for path in (program_file(), component_file()):
        path.unlink(missing_ok=True)


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        sleep(0.01)


def test_each_state_is_an_event_and_stands_in_the_file(heard: Any) -> None:
    bus, seen = heard

    def fails(ended: Flag) -> None:
        raise OSError("disk full")

    part = ThreadPart("watcher", fails)
    supervisor = Supervisor([part], Restarts(attempts=1))
    tell(supervisor, bus)
    supervisor.tend()
    assert part.wait(PATIENCE)
    supervisor.tend()
    until(lambda: len(seen) == 2)
    assert [event.topic for event in seen] == [
        "system.component.running",
        "system.component.failed",
    ]
    assert seen[1].payload == {
        "component": "watcher",
        "state": "failed",
        "failures": 1,
        "reason": "disk full",
    }
    assert read_standings(component_file())["watcher"].state is State.FAILED
    assert all_standings()["watcher"].reason == "disk full"


def test_the_programs_of_serve_are_told_of_where_they_change(
    heard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whispercms.supervised.SECONDS", 0.005)
    bus, seen = heard
    running, failed = Standing(state=State.RUNNING), Standing(state=State.FAILED, reason="code 1")
    write_standings(program_file(), {"web": running, "queue": running})
    part = ThreadPart("programs", lambda ended: follow_programs(bus, ended))
    part.start()
    until(lambda: len(seen) == 2)
    write_standings(program_file(), {"web": running, "queue": failed})
    until(lambda: len(seen) == 3)
    part.ask()
    assert part.wait(PATIENCE)
    assert sorted(event.payload["component"] for event in seen[:2]) == ["queue", "web"]
    assert (seen[2].topic, seen[2].payload["component"]) == ("system.component.failed", "queue")


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc is read")
def test_a_zygote_that_is_killed_comes_back_and_what_needs_it_after_it(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    with instance.started() as running:
        until(lambda: states(instance).get("watcher") == "running")
        assert set(states(instance).values()) == {"running"}
        until(lambda: len(zygotes(running)) == 1)  # What brings the node up to date has one too.
        (zygote,) = zygotes(running)
        os.kill(zygote[0], signal.SIGKILL)
        until(lambda: component(instance, "zygote")["failures"] == 1)
        until(lambda: set(states(instance).values()) == {"running"})
        assert zygote not in alive({zygote})
        assert instance.get("/one/").status == 200
        shown = instance.run("bootreport").stdout
        assert "running         zygote" in shown and "running         queue" in shown
        assert running.end() == 0
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if line[:1] == "{"]
    told = [(each["event"], each["component"]) for each in lines if each.get("component")]
    at = told.index(("ended", "zygote"))
    assert told[at : at + 4] == [
        ("ended", "zygote"),
        ("waiting", "watcher"),
        ("running", "zygote"),
        ("running", "watcher"),
    ]


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc is read")
def test_a_server_that_is_killed_comes_back(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    with instance.started() as running:
        first = {each for each in descendants(running.process.pid) if is_server(each[0])}
        for pid, _ in first:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(first))
        running.wait_until_ready()
        assert instance.get("/one/").status == 200
        assert component(instance, "web")["failures"] == 1
        assert running.end() == 0


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc is read")
def test_nothing_of_a_server_that_is_killed_goes_on_answering(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    with instance.started() as running:
        servers = {each for each in running.family() if is_server(each[0])}
        (first,) = (each for each in servers if parent(each[0]) == running.process.pid)
        os.kill(first[0], signal.SIGKILL)
        until(lambda: not alive(servers))
        running.wait_until_ready()
        assert running.end() == 0


def component(instance: Instance, name: str) -> Any:
    return instance.get("/readyz").json()["components"][name]


def states(instance: Instance) -> dict[str, str]:
    found = instance.get("/readyz").json()["components"]
    return {name: each["state"] for name, each in found.items()}


def command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def parent(pid: int) -> int:
    """0 where it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def zygotes(running: Running) -> list[tuple[int, str]]:
    """Forked of the nursery, and not of another zygote."""
    family = {pid: (pid, begun) for pid, begun in running.family()}
    nurseries = {pid for pid in family if "apps.runtime.nursery" in command(pid)}
    born = {pid for pid in nurseries if parent(pid) in nurseries}
    return [family[pid] for pid in born if parent(parent(pid)) not in nurseries]


def is_server(pid: int) -> bool:
    return program(pid) == "web"
