import signal
import sys

import pytest

from tests.runtime.supervised import DEAF, ENDS, FIRST, PARENT, STAYS, Supervised, gone


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_programs_in_order(number: int) -> None:
    with Supervised({"web": STAYS, "queue": STAYS}) as node:
        node.wait_for("up web")
        node.wait_for("up queue")
        node.send(number)
        node.wait_for("bye web")
        node.wait_for("bye queue")
        assert node.end() == 0
        assert all(gone(pid) for pid in node.pids.values())


def test_a_program_that_ends_is_started_again_and_the_others_stay() -> None:
    with Supervised({"web": STAYS, "queue": ENDS}) as node:
        node.wait_for("up web")
        node.wait_for("up queue", times=3)
        node.send(signal.SIGTERM)
        node.wait_for("bye web")
        assert node.end() == 0
        assert sum(line.startswith("up web") for line in node.lines) == 1
        ended = node.events("ended")
        assert {(e["component"], e["reason"]) for e in ended} == {("queue", "exit code 3")}
        assert [event["again"] for event in ended[:2]] == [FIRST, 2 * FIRST]


def test_a_program_that_keeps_ending_is_given_up_and_the_others_stay() -> None:
    with Supervised({"web": STAYS, "queue": ENDS}, attempts=2) as node:
        node.wait_for('"given up"')
        node.send(signal.SIGTERM)
        node.wait_for("bye web")
        assert node.end() == 0
        assert sum(line.startswith("up queue") for line in node.lines) == 2


def test_without_a_program_that_is_needed_the_others_end_as_well() -> None:
    needed = {"web": {"needed": True}}
    with Supervised({"web": ENDS, "queue": STAYS}, needed, attempts=2) as node:
        node.wait_for('"given up"')
        node.wait_for("bye queue")
        assert node.end() == 1


def test_what_requires_a_program_that_ended_is_stopped_and_started_after_it() -> None:
    dies = "echo up $NAME $$; sleep 0.1; exit 3"
    with Supervised({"web": dies, "queue": STAYS}, {"queue": {"requires": ["web"]}}) as node:
        node.wait_for("up queue", times=2)
        said = [line.split()[:2] for line in node.lines if line.startswith(("up ", "bye "))]
        assert said[:5] == [
            ["up", "web"],
            ["up", "queue"],
            ["bye", "queue"],
            ["up", "web"],
            ["up", "queue"],
        ]


def test_what_does_not_end_in_time_is_killed_with_all_that_it_started() -> None:
    with Supervised({"web": PARENT}, STOP_SECONDS=0.05) as node:
        node.wait_for("up web")
        node.wait_for("up child")
        node.send(signal.SIGTERM)
        node.wait_for('"killed"')
        assert node.end() == 1
        assert [event["program"] for event in node.events("killed")] == ["web"]
        assert gone(node.pids["child"])
        assert gone(node.pids["web"])


def test_one_that_may_be_cut_off_is_no_failure() -> None:
    with Supervised({"web": DEAF, "queue": STAYS}, {"web": {"drain": 0.05}}) as node:
        node.wait_for("up web")
        node.wait_for("up queue")
        node.send(signal.SIGTERM)
        node.wait_for('"cut off"')
        assert node.end() == 0
        assert [event["program"] for event in node.events("cut off")] == ["web"]
        assert not node.events("killed")
        assert gone(node.pids["web"])


def test_a_second_signal_ends_it_at_once() -> None:
    with Supervised({"web": DEAF, "queue": DEAF}) as node:
        node.wait_for("up web")
        node.wait_for("up queue")
        node.send(signal.SIGTERM)
        node.send(signal.SIGINT)
        assert node.end() == 1
        assert all(gone(pid) for pid in node.pids.values())


def test_a_program_that_is_not_there_does_not_cost_the_others() -> None:
    with Supervised({"web": STAYS, "queue": ["/no/such/program"]}) as node:
        node.wait_for("up web")
        node.wait_for("/no/such/program", times=2)
        node.send(signal.SIGTERM)
        node.wait_for("bye web")
        assert node.end() == 0


def test_a_program_has_its_own_environment_besides_ours() -> None:
    script = 'echo "up $NAME $$"; echo "has $NAME $HOME"; while :; do sleep 0.01; done'
    with Supervised({"web": script}) as node:
        node.wait_for("has web /")


def test_a_program_leads_a_session_so_that_ctrl_c_reaches_the_supervisor_alone() -> None:
    asks = [
        sys.executable,
        "-c",
        "import os; print('leads', os.getsid(0) == os.getpid(), flush=True)",
    ]
    with Supervised({"web": asks}) as node:
        node.wait_for("leads True")
