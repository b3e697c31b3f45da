"""A program that runs only while there is something for it to do, at moments of a test's choice."""

from collections.abc import Sequence

import pytest

from apps.runtime.occasional import IDLE_SECONDS, LOOK_SECONDS, Occasional


class Program:
    """In the place of a process, for the calls that reach it in their order."""

    name, requires = "queue", ("web",)

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.ended: str | None = None
        self.refuses = False

    def start(self) -> None:
        if self.refuses:
            raise OSError("no room")
        self.calls.append("start")
        self.ended = None

    def ending(self) -> str | None:
        return self.ended

    def ask(self) -> None:
        self.calls.append("ask")

    def wait(self, seconds: float) -> bool:
        return self.ended is not None

    def kill(self) -> None:
        self.calls.append("kill")


class Stage:
    def __init__(self) -> None:
        self.now, self.work, self.looks = 0.0, False, 0
        self.broken = False
        self.program = Program()
        self.part = Occasional(self.program, self.has_work, lambda: self.now)
        self.part.start()
        self.program.calls.clear()

    def has_work(self) -> bool:
        self.looks += 1
        if self.broken:
            raise RuntimeError("database is locked")
        return self.work

    def after(self, seconds: float, *, work: bool) -> str | None:
        self.now, self.work = self.now + seconds, work
        return self.part.ending()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def calls(stage: Stage) -> Sequence[str]:
    return stage.program.calls


def test_without_work_nothing_runs(stage: Stage) -> None:
    for _ in range(100):
        assert stage.after(LOOK_SECONDS, work=False) is None
    assert calls(stage) == []
    stage.part.ask()
    stage.part.kill()
    assert stage.part.wait(0)
    assert calls(stage) == []


def test_it_is_looked_for_no_oftener_than_needed(stage: Stage) -> None:
    stage.after(0, work=False)
    stage.after(LOOK_SECONDS * 0.99, work=True)
    assert (stage.looks, calls(stage)) == (1, [])
    stage.after(LOOK_SECONDS * 0.01, work=True)
    assert (stage.looks, calls(stage)) == (2, ["start"])


def test_what_comes_in_bursts_is_done_by_one(stage: Stage) -> None:
    stage.after(LOOK_SECONDS, work=True)
    for _ in range(5):
        stage.after(IDLE_SECONDS, work=False)
        stage.after(LOOK_SECONDS, work=True)
    assert calls(stage) == ["start"]
    assert not stage.part.wait(0)


def test_one_without_work_is_asked_once_and_its_end_is_no_failure(stage: Stage) -> None:
    stage.after(LOOK_SECONDS, work=True)
    stage.after(IDLE_SECONDS, work=False)
    assert calls(stage) == ["start"]
    for _ in range(3):
        stage.after(LOOK_SECONDS, work=False)
    assert calls(stage) == ["start", "ask"]
    stage.after(LOOK_SECONDS, work=True)
    assert calls(stage) == ["start", "ask"], "it has not ended yet"
    stage.program.ended = "exit code 0"
    assert stage.after(LOOK_SECONDS, work=True) is None
    assert calls(stage) == ["start", "ask", "start"]


def test_one_that_ends_by_itself_is_told_and_looked_for_again_from_the_start(stage: Stage) -> None:
    stage.after(LOOK_SECONDS, work=True)
    stage.program.ended = "killed by signal 9"
    assert stage.after(0, work=True) == "killed by signal 9"
    stage.part.start()
    assert stage.after(0, work=True) is None
    assert calls(stage) == ["start", "kill", "start"]


def test_what_cannot_be_asked_is_told_and_ends_nothing_that_runs(stage: Stage) -> None:
    stage.broken = True
    assert stage.after(LOOK_SECONDS, work=True) == "database is locked"
    stage.broken = False
    stage.after(LOOK_SECONDS, work=True)
    stage.broken = True
    assert stage.after(2 * IDLE_SECONDS, work=True) is None
    assert calls(stage) == ["start"]


def test_one_that_cannot_be_started_is_told(stage: Stage) -> None:
    stage.program.refuses = True
    assert stage.after(LOOK_SECONDS, work=True) == "no room"
    assert stage.part.wait(0)
