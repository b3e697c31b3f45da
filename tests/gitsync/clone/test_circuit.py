"""The circuit breaker of a node's remote, and the file that it is kept in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gitsync.clone.circuit import (
    CLOSED,
    FAILURES,
    FIRST_SECONDS,
    LONGEST_SECONDS,
    Circuit,
    admits,
    failed,
)
from apps.gitsync.clone.circuit_file import read_circuit, write_circuit

NOW = 1_700_000_000.0


def after(failures: int, now: float = NOW) -> Circuit:
    circuit = CLOSED
    for _ in range(failures):
        circuit = failed(circuit, now, "remote.unreachable")
    return circuit


def test_a_few_failures_change_nothing() -> None:
    assert admits(after(FAILURES - 1), NOW)
    assert not after(FAILURES - 1).is_open


def test_many_in_a_row_space_the_pulls_out() -> None:
    circuit = after(FAILURES)
    assert circuit.is_open
    assert not admits(circuit, NOW + FIRST_SECONDS - 1)
    assert admits(circuit, NOW + FIRST_SECONDS)


@given(st.integers(0, 500))
def test_the_wait_grows_and_has_a_bound(failures: int) -> None:
    one, more = after(failures), after(failures + 1)
    assert one.retry_at <= more.retry_at <= NOW + LONGEST_SECONDS
    assert admits(more, NOW + LONGEST_SECONDS)


def test_a_clock_that_was_set_back_keeps_no_node_waiting() -> None:
    assert admits(after(FAILURES + 9), NOW - 2 * LONGEST_SECONDS)


@given(st.integers(0, 9), st.floats(0, 4e9), st.text(max_size=9))
def test_a_circuit_is_kept_over_a_restart(
    tmp_path_factory: pytest.TempPathFactory, failures: int, at: float, code: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "circuits" / "circuit.json"
    write_circuit(path, Circuit(failures, at, code))
    assert read_circuit(path) == Circuit(failures, at, code)
    assert {each.name for each in path.parent.glob("*")} <= {path.name}


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"failures": "x"}', "\ufffd"])
def test_a_file_that_makes_no_sense_keeps_no_node_waiting(tmp_path: Path, text: str) -> None:
    (tmp_path / "circuit.json").write_text(text)
    assert read_circuit(tmp_path / "circuit.json") == CLOSED
    assert read_circuit(tmp_path / "none.json") == CLOSED
