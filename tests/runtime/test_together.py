from typing import Any

import pytest

from apps.runtime.faults import (
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.limits import BUSY_SECONDS, MIB
from apps.runtime.together import call_together
from tests.runtime.pools import MakePool

SECONDS = 3.0


def test_nothing_asked_is_nothing_answered() -> None:
    assert call_together([], wall_seconds=SECONDS) == []


def test_answers_come_in_the_order_of_the_calls(make_pool: MakePool) -> None:
    slow, fast = make_pool("hostile"), make_pool()
    calls: list[tuple[Any, Any]] = [(slow, ["answer late", 0.05, "slow"]), (fast, "fast")]
    assert call_together(calls, wall_seconds=SECONDS) == ["slow", "fast"]


def test_each_fault_stays_in_its_place(make_pool: MakePool) -> None:
    def hostile(*act: Any) -> tuple[Any, list[Any]]:
        return make_pool("hostile"), list(act)

    calls: list[tuple[Any, Any]] = [
        (make_pool(), 1),
        hostile("abort"),
        hostile("fail", "x"),
        hostile("write", "ffffffff"),
        (make_pool(request_bytes=1), "too long"),
        (make_pool("unopenable", setup="x"), None),
        (make_pool(), 2),
    ]
    first, *faults, last = call_together(calls, wall_seconds=SECONDS)
    kinds = [WorkerDied, WorkerError, WorkerBadFrame, WorkerRefused, WorkerUnavailable]
    assert [type(fault) for fault in faults] == kinds
    assert (first, last) == (1, 2)


def test_the_late_are_killed_and_the_others_kept(make_pool: MakePool) -> None:
    late, early = make_pool("hostile", cpu_seconds=60), make_pool()
    late.warm()
    early.warm()
    answers = call_together([(late, ["loop"]), (early, 1)], wall_seconds=0.05)
    assert isinstance(answers[0], WorkerTimeout)
    assert answers[1] == 1
    assert late.call(["answer late", 0, "fine"]) == "fine"


def test_several_calls_may_go_to_one_pool(make_pool: MakePool) -> None:
    pool = make_pool(size=5)
    pool.warm()
    assert call_together([(pool, n) for n in range(5)], wall_seconds=SECONDS) == list(range(5))


def test_a_pool_of_two_works_on_two_calls(make_pool: MakePool) -> None:
    pool = make_pool("hostile", size=2)
    pool.warm()
    first, second = call_together([(pool, ["name itself"])] * 2, wall_seconds=SECONDS)
    assert first != second


def test_one_stuck_call_leaves_the_other_of_its_pool_unavailable(make_pool: MakePool) -> None:
    pool = make_pool("hostile", cpu_seconds=60)
    pool.warm()
    stuck, waiting = call_together(
        [(pool, ["loop"]), (pool, ["answer late", 0, 1])], wall_seconds=0.05
    )
    assert isinstance(stuck, WorkerTimeout)
    assert isinstance(waiting, WorkerUnavailable)


def test_a_busy_pool_holds_nobody_up(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    stuck = pool.begin_now(pool.encode(["loop"]))
    (answer,) = call_together([(pool, ["name itself"])], wall_seconds=60)
    assert isinstance(answer, WorkerUnavailable)
    assert stuck is not None


def test_a_worker_that_is_free_soon_is_waited_for(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    calls: list[tuple[Any, Any]] = [(pool, ["answer late", BUSY_SECONDS / 4, n]) for n in range(2)]
    assert call_together(calls, wall_seconds=SECONDS) == [0, 1]


def test_the_first_caller_waits_for_a_worker_to_start(make_pool: MakePool) -> None:
    pool = make_pool("unopenable", setup={"after": 2 * BUSY_SECONDS})
    assert call_together([(pool, 1)], wall_seconds=SECONDS) == [1]


def test_large_messages_pass_side_by_side(make_pool: MakePool) -> None:
    text = "x" * (2 * MIB)
    answers = call_together([(make_pool(), text), (make_pool(), text)], wall_seconds=SECONDS)
    assert answers == [text, text]


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_without_time_there_is_a_fault_and_no_error(make_pool: MakePool, seconds: float) -> None:
    (answer,) = call_together([(make_pool("hostile"), ["loop"])], wall_seconds=seconds)
    assert isinstance(answer, WorkerFault)
