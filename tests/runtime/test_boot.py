import subprocess
import sys
from collections.abc import Callable
from threading import Event
from typing import NoReturn

import pytest

from apps.runtime import boot as booting
from apps.runtime.boot import BootError, Notes, boot
from apps.runtime.components import Component, ComponentError
from apps.runtime.context import Context, ContextError
from apps.runtime.supervision import State
from apps.runtime.supervisor import Supervisor

Act = Callable[[Context], None]


class Stage:
    """Parts that write down what is done with them, in one list."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def part(self, name: str, *requires: str, **acts: Act) -> Component:
        def noted(phase: str) -> Act:
            def act(context: Context) -> None:
                self.done.append(f"{phase} {name}")
                if phase in acts:
                    acts[phase](context)

            return act

        return Component(
            name=name,
            requires=requires,
            load=noted("load"),
            start=noted("start"),
            stop=noted("stop"),
            remedy=f"mend {name}",
        )


class Trouble(Exception):
    pass


class WithRemedy(Exception):
    remedy = "Do this"


def fails(context: Context) -> NoReturn:
    raise Trouble("no luck")


def say(text: str) -> Act:
    return lambda context: context.get(Notes)(text)


def failed(stage: Stage, *parts: Component) -> BootError:
    with pytest.raises(BootError) as caught:
        boot(parts)
    return caught.value


def test_all_are_loaded_then_started_in_order_and_stopped_in_reverse() -> None:
    stage = Stage()
    running = boot([stage.part("b", "a"), stage.part("a")])
    running.stop()
    assert stage.done == ["load a", "load b", "start a", "start b", "stop b", "stop a"]


def test_a_second_stop_does_nothing() -> None:
    stage = Stage()
    running = boot([stage.part("a")])
    running.stop()
    running.stop()
    assert stage.done.count("stop a") == 1


def test_what_one_part_puts_those_after_it_get() -> None:
    stage = Stage()
    got: list[str] = []
    boot(
        [
            stage.part("a", load=lambda context: context.put("text")),
            stage.part("b", "a", load=lambda context: got.append(context.get(str))),
        ]
    )
    assert got == ["text"]


def test_what_runs_is_supervised_from_the_end_of_the_start_to_its_turn_at_the_stop() -> None:
    stage, begun = Stage(), Event()

    def run(context: Context, ended: Event) -> None:
        stage.done.append("run")
        begun.set()
        ended.wait(30)
        stage.done.append("ended")

    only_runs = Component(name="b", requires=("a",), run=run)
    running = boot([stage.part("a"), only_runs, stage.part("c", "b")])
    assert begun.wait(30)
    assert running.context.get(Supervisor).standings()["b"].state is State.RUNNING
    assert [step.name for step in running.report.steps] == ["a", "c"]
    running.stop()
    assert stage.done[-5:] == ["start c", "run", "stop c", "ended", "stop a"]
    assert running.context.get(Supervisor).standings()["b"].state is State.STOPPED


def test_what_fails_to_start_has_nothing_running() -> None:
    stage, ran = Stage(), list[int]()
    runs = Component(name="a", run=lambda context, ended: ran.append(1))
    failed(stage, runs, stage.part("b", "a", start=fails))
    assert ran == []


def test_the_context_is_sealed_before_anything_starts() -> None:
    stage = Stage()
    sealed: list[bool] = []
    running = boot([stage.part("a", start=lambda context: sealed.append(context.sealed))])
    assert sealed == [True]
    assert running.context.sealed
    error = failed(stage, stage.part("a", start=lambda context: context.put("late")))
    assert "too late" in error.reason


def test_the_report_has_every_load_and_every_start_with_something_to_say() -> None:
    stage = Stage()
    report = boot(
        [stage.part("a", load=say("3 files")), stage.part("b", "a", start=say("listening"))]
    ).report
    assert [(step.name, step.phase, step.detail) for step in report.steps] == [
        ("a", "load", "3 files"),
        ("b", "load", ""),
        ("b", "start", "listening"),
    ]
    assert all(step.seconds >= 0 for step in report.steps)
    assert report.failure == ""


@pytest.mark.parametrize("phase", ["load", "start"])
def test_a_failing_step_stops_what_was_begun_and_says_what_to_do(phase: str) -> None:
    stage = Stage()
    error = failed(
        stage,
        stage.part("a"),
        stage.part("b", "a", **{phase: fails}),
        stage.part("c", "b"),
    )
    assert (error.step, error.reason, error.remedy) == ("b", "no luck", "mend b")
    assert "b" in str(error)
    assert "no luck" in str(error)
    assert "mend b" in str(error)
    stops = [done for done in stage.done if done.startswith("stop")]
    assert stops == (["stop b", "stop a"] if phase == "load" else ["stop c", "stop b", "stop a"])
    assert "start c" not in stage.done
    assert error.report.failure == "b: no luck"
    assert error.report.steps[-1].detail == "failed"


def test_the_remedy_of_an_error_is_nearer_than_that_of_its_part() -> None:
    stage = Stage()

    def load(context: Context) -> None:
        raise WithRemedy

    error = failed(stage, stage.part("a", load=load))
    assert (error.reason, error.remedy) == ("WithRemedy", "Do this")


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_start_up_stops_what_was_begun(kind: type[BaseException]) -> None:
    stage = Stage()

    def load(context: Context) -> None:
        raise kind

    with pytest.raises(kind):
        boot([stage.part("a"), stage.part("b", "a", load=load)])
    assert stage.done[-2:] == ["stop b", "stop a"]


def test_a_part_that_cannot_be_stopped_does_not_keep_the_others() -> None:
    stage = Stage()
    boot([stage.part("a"), stage.part("b", "a", stop=fails)]).stop()
    assert stage.done[-2:] == ["stop b", "stop a"]


def test_a_part_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booting, "STOP_SECONDS", 0.05)
    stage, never = Stage(), Event()

    def hangs(context: Context) -> None:
        never.wait(30)

    boot([stage.part("a"), stage.part("b", "a", stop=hangs)]).stop()
    never.set()
    assert stage.done[-1] == "stop a"


FORKED = """
import multiprocessing, os
from apps.runtime.boot import boot
from apps.runtime.components import Component

def serve():
    part = Component(name="a", stop=lambda context: os.write(1, b"stopped\\n"))
    boot([part]).stop_at_exit()
    child = multiprocessing.get_context("fork").Process(target=int)
    child.start()
    child.join()
    os.write(1, b"served\\n")

if {forked}:
    server = multiprocessing.get_context("fork").Process(target=serve)
    server.start()
    server.join()
else:
    serve()
"""


@pytest.mark.parametrize("forked", [False, True])
def test_a_process_stops_at_its_exit_forked_by_its_server_or_not(forked: bool) -> None:
    """Once, and not at the exit of a process that it forked itself."""
    command = [sys.executable, "-c", FORKED.format(forked=forked)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if line in ("served", "stopped")]
    assert lines == ["served", "stopped"]


def test_parts_that_have_no_order_start_nothing() -> None:
    stage = Stage()
    with pytest.raises(ComponentError):
        boot([stage.part("a"), stage.part("b", "nowhere")])
    assert stage.done == []


def test_one_start_up_knows_nothing_of_another() -> None:
    stage = Stage()
    first = boot([stage.part("a", load=lambda context: context.put("text"))])
    second = boot([stage.part("a")])
    assert first.context.get(str) == "text"
    with pytest.raises(ContextError):
        second.context.get(str)
