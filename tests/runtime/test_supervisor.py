"""The runner: parts that do as they are told, and a clock that is set by hand."""

from collections.abc import Sequence
from threading import Event, Thread

import pytest
from structlog.testing import capture_logs

from apps.runtime.supervision import Restarts, State
from apps.runtime.supervisor import Supervisor


class Player:
    """A part whose fate is the test's."""

    def __init__(self, name: str, *requires: str, done: list[str] | None = None) -> None:
        self.name, self.requires = name, requires
        self.done = [] if done is None else done
        self.dead: str | None = "not started"
        self.broken, self.deaf = "", False

    def start(self) -> None:
        if self.broken:
            raise OSError(self.broken)
        self.dead = None
        self.done.append(f"start {self.name}")

    def ending(self) -> str | None:
        return self.dead

    def ask(self) -> None:
        self.done.append(f"end {self.name}")

    def wait(self, seconds: float) -> bool:
        self.dead = self.dead if self.deaf else "asked"
        return not self.deaf


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def tended(*parts: Player, **rule: float) -> tuple[Supervisor, Clock]:
    clock = Clock()
    made = Supervisor(parts, Restarts(**rule), clock)  # type: ignore[arg-type]
    made.tend()
    return made, clock


def states(supervisor: Supervisor) -> list[str]:
    return [str(standing.state) for standing in supervisor.standings().values()]


def test_a_part_that_ends_is_started_again_when_its_time_has_come() -> None:
    part = Player("a")
    supervisor, clock = tended(part)
    part.dead = "it broke"
    supervisor.tend()
    standing = supervisor.standings()["a"]
    assert (standing.state, standing.reason) == (State.RESTARTING, "it broke")
    clock.now = 0.9
    supervisor.tend()
    assert part.done == ["start a"]
    clock.now = 1.0
    supervisor.tend()
    assert part.done == ["start a", "start a"]
    assert states(supervisor) == ["running"]


def test_what_requires_it_ends_before_and_starts_after_it() -> None:
    done: list[str] = []
    parts = [Player("a", done=done), Player("b", "a", done=done), Player("c", "b", done=done)]
    supervisor, clock = tended(*parts, Player("other", done=done))
    done.clear()
    parts[0].dead = "it broke"
    supervisor.tend()
    assert (done, states(supervisor)) == (
        ["end c", "end b"],
        ["restarting", "waiting", "waiting", "running"],
    )
    done.clear()
    clock.now = 1.0
    supervisor.tend()
    assert done == ["start a", "start b", "start c"]
    assert supervisor.standings()["c"].failures == 0


def test_what_cannot_be_started_is_given_up_and_named_with_its_reason() -> None:
    part, below = Player("a"), Player("b", "a")
    part.broken = "no such program"
    with capture_logs() as log:
        supervisor, clock = tended(part, below, attempts=3)
        for _ in range(9):
            clock.now += 100
            supervisor.tend()
    standing = supervisor.standings()["a"]
    assert (standing.state, standing.failures) == (State.FAILED, 3)
    assert [entry["reason"] for entry in log if entry["event"] == "given up"] == ["no such program"]
    assert (states(supervisor), below.done) == (["failed", "waiting"], [])


def test_each_change_is_told_once_and_one_who_fails_at_it_costs_nothing() -> None:
    part, told = Player("a"), list[str]()
    clock = Clock()
    supervisor = Supervisor([part], clock=clock)

    def bad(name: str, standing: object) -> None:
        raise OSError("disk full")

    supervisor.observe(bad)
    supervisor.observe(lambda name, standing: told.append(f"{name} {standing.state}"))
    for _ in range(3):
        supervisor.tend()
    part.dead = "it broke"
    supervisor.tend()
    clock.now = 60.0
    supervisor.tend()
    supervisor.stop("a")
    assert told == ["a running", "a restarting", "a running", "a stopped"]


def test_failures_are_forgotten_while_it_runs_and_that_is_told() -> None:
    part, told = Player("a"), list[tuple[str, int]]()
    supervisor, clock = tended(part)
    supervisor.observe(lambda name, each: told.append((str(each.state), each.failures)))
    part.dead = "it broke"
    supervisor.tend()
    clock.now = 1.0
    supervisor.tend()
    clock.now = 61.0
    supervisor.tend()
    assert told == [("restarting", 1), ("running", 1), ("running", 0)]


@pytest.mark.parametrize("first", ["stop", "close"])
def test_nothing_is_started_again_after_a_stop(first: str) -> None:
    part = Player("a")
    supervisor, clock = tended(part)
    part.dead = "it broke"
    supervisor.tend()
    supervisor.close() if first == "close" else supervisor.stop("a")
    clock.now = 1000.0
    supervisor.tend()
    supervisor.stop("a")
    assert (part.done.count("start a"), states(supervisor)) == (1, ["stopped"])


def test_one_that_does_not_end_is_named_and_the_others_are_stopped() -> None:
    deaf, other = Player("a"), Player("b")
    deaf.deaf = True
    supervisor, _ = tended(deaf, other)
    with capture_logs() as log:
        for name in ("a", "b", "nobody"):
            supervisor.stop(name)
    late = [entry["component"] for entry in log if entry["event"] == "not stopped in time"]
    assert (late, states(supervisor)) == (["a"], ["stopped", "stopped"])


def test_standings_are_read_while_a_start_hangs() -> None:
    gate, begun = Event(), Event()

    class Hangs(Player):
        def start(self) -> None:
            begun.set()
            gate.wait(20)

    supervisor = Supervisor([Hangs("a")])
    thread = Thread(target=supervisor.tend)
    thread.start()
    assert begun.wait(20)
    assert states(supervisor) == ["waiting"]
    gate.set()
    thread.join()


def test_it_tends_by_itself_once_it_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.runtime.supervisor.TEND_SECONDS", 0.005)
    again = Event()
    part = Player("a")
    supervisor = Supervisor([part], Restarts(first=0.0))
    supervisor.observe(lambda name, each: again.set() if each.failures else None)
    supervisor.start()
    supervisor.start()
    part.dead = "it broke"
    assert again.wait(20)
    supervisor.close()


def test_without_parts_there_is_nothing_to_tend() -> None:
    supervisor = Supervisor()
    supervisor.start()
    no_parts: Sequence[str] = list(supervisor.standings())
    assert no_parts == []
