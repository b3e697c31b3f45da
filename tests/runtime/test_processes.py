import signal
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.runtime.processes import FIRST_DELAY, LONGEST_DELAY, STABLE_SECONDS, next_delay
from tests.runtime.supervised import DEAF, ENDS, PARENT, STAYS, Supervised, gone


def test_the_first_restart_comes_soon_and_each_next_one_later() -> None:
    delays, delay = [], 0.0
    for _ in range(9):
        delay = next_delay(delay, lasted=0.1)
        delays.append(delay)
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_a_stable_run_a_program_is_as_good_as_new() -> None:
    assert next_delay(LONGEST_DELAY, STABLE_SECONDS) == FIRST_DELAY
    assert next_delay(4.0, STABLE_SECONDS - 0.1) == 8.0


@given(st.just(0.0) | st.floats(FIRST_DELAY, LONGEST_DELAY), st.floats(0, 1e6))
def test_a_delay_has_bounds(delay: float, lasted: float) -> None:
    assert FIRST_DELAY <= next_delay(delay, lasted) <= LONGEST_DELAY


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
        assert {(event["program"], event["code"]) for event in ended} == {("queue", 3)}
        assert [event["again"] for event in ended[:2]] == [0.02, 0.04]


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
