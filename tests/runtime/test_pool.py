"""Pools of real worker processes: what comes back, and that what misbehaves is replaced."""

import contextlib
import select
import signal
import sys
import threading
import time
from typing import Any

import pytest

from apps.runtime.counts import Counts
from apps.runtime.faults import (
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.limits import FAULT_CHARACTERS, MIB
from apps.runtime.together import call_together
from tests.runtime.pools import MakePool

TWO_ANSWERS = ("00000001N" + b"1".hex()) * 2
NO_ENVELOPE = "00000002N" + b"[]".hex()
NOT_JSON = "00000002N" + b"{]".hex()
ODD_FAULT = "0000000dN" + b'{"fault": [1]}'[:13].hex()
OVER_LONG = "ffffffff"
PAUSE = 0.1
TO_NOTHING = "0000000b" + "00" * 8 + b'{"value":1}'.hex()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_one_that_had_little_of_its_time_at_the_deadline_is_starved(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    with pytest.raises(WorkerTimeout) as caught:
        pool.call(["loop"], wall_seconds=0.02)
    assert caught.value.starved


def test_one_that_sleeps_is_not_starved(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    with pytest.raises(WorkerTimeout) as caught:
        pool.call(["answer late", 2, None], wall_seconds=0.02)
    assert not caught.value.starved


def test_all_workers_of_a_pool_begin_anew_and_no_call_is_lost(make_pool: MakePool) -> None:
    pool = make_pool("hostile", size=2)
    pool.warm()
    before = set(pool.usages())
    busy = pool.begin_now(pool.encode(["answer late", PAUSE, "done"]))
    assert busy is not None
    pool.renew()
    assert pool.call(["answer late", 0, "new"], wall_seconds=5.0) == "new"
    outcome = busy.wait(time.monotonic() + 5.0)
    pool.finish(busy, outcome)
    assert outcome == "done"
    pool.warm()
    assert len(pool.usages()) == 2 and not before & set(pool.usages())


def test_so_many_places_are_warmed_and_the_others_when_all_are_busy(make_pool: MakePool) -> None:
    pool = make_pool("hostile", size=2)
    pool.warm(1)
    assert len(pool.usages()) == 1
    busy = pool.begin_now(pool.encode(["answer late", PAUSE, None]))
    assert busy is not None
    assert pool.call(["answer late", 0, "other"], wall_seconds=5.0) == "other"
    pool.finish(busy, busy.wait(time.monotonic() + 5.0))
    pool.warm()
    assert len(pool.usages()) == 2


def test_one_that_nobody_asks_rests_with_one_worker(make_pool: MakePool) -> None:
    pool = make_pool("hostile", size=2)
    pool.warm()
    pool.call(["answer late", 0, None])
    pool.rest()
    assert len(pool.usages()) == 2
    pool.rest()
    assert len(pool.usages()) == 1
    assert pool.call(["answer late", 0, "fine"]) == "fine"
    assert pool.counts().replacements == 0


def test_one_that_keeps_none_is_spared_at_once_and_started_for_who_asks(
    make_pool: MakePool,
) -> None:
    pool = make_pool("hostile", size=2, keeps=0)
    pool.warm()
    pool.spare()
    assert len(pool.usages()) == 0
    assert pool.call(["answer late", 0, "fine"], wall_seconds=5.0) == "fine"


def test_how_calls_end_is_counted(make_pool: MakePool) -> None:
    pool = make_pool("hostile", cpu_seconds=0.05, calls=2)
    acts = [["abort"], ["write", OVER_LONG], ["fail", "x"], ["loop"]]
    for act in [*acts, ["name itself"], ["name itself"], ["name itself"]]:
        with contextlib.suppress(WorkerFault):
            pool.call(act)
    assert pool.counts() == Counts(
        calls=7, answers=3, timeouts=1, deaths=1, bad_frames=1, errors=1, replacements=5
    )


@pytest.mark.parametrize("value", [None, True, -(2**63), 1.5, "é\U0001f600", [], {"a": [{}]}])
def test_what_is_sent_comes_back(make_pool: MakePool, value: Any) -> None:
    assert make_pool().call(value) == value


def test_messages_larger_than_a_socket_holds_pass(make_pool: MakePool) -> None:
    assert make_pool().call("x" * (3 * MIB)) == "x" * (3 * MIB)


def test_the_kernel_ends_a_loop_over_its_cpu_time(make_pool: MakePool) -> None:
    pool = make_pool("hostile", cpu_seconds=0.02)
    with pytest.raises(WorkerTimeout, match="CPU") as caught:
        pool.call(["loop"])
    assert not caught.value.starved
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_the_parent_ends_a_loop_at_the_deadline(make_pool: MakePool) -> None:
    pool = make_pool("hostile", cpu_seconds=60)
    pool.warm()
    with pytest.raises(WorkerTimeout, match="deadline"):
        pool.call(["loop"], wall_seconds=0.02)
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_a_late_answer_is_never_taken_for_the_next_one(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    with pytest.raises(WorkerTimeout):
        pool.call(["answer late", 0.05, "late"], wall_seconds=0.01)
    time.sleep(0.06)
    assert pool.call(["answer late", 0, "next"]) == "next"


def test_a_memory_bomb_stays_in_its_worker(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    with pytest.raises(WorkerError) as caught:
        pool.call(["allocate"])
    assert caught.value.kind == "MemoryError"
    assert pool.call(["answer late", 0, "fine"]) == "fine"


@pytest.mark.parametrize(
    ("act", "number"), [("abort", signal.SIGABRT), ("read nothing", signal.SIGSEGV), ("exit", 0)]
)
def test_a_death_is_told_with_its_signal(make_pool: MakePool, act: str, number: int) -> None:
    pool = make_pool("hostile")
    with pytest.raises(WorkerDied) as caught:
        pool.call([act])
    assert caught.value.signal == number
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_a_worker_which_only_closes_its_socket_is_killed(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    with pytest.raises(WorkerDied) as caught:
        pool.call(["close and linger"])
    assert caught.value.signal == signal.SIGKILL


@pytest.mark.parametrize(
    "data", [TWO_ANSWERS, NO_ENVELOPE, NOT_JSON, ODD_FAULT, OVER_LONG, TO_NOTHING]
)
def test_nonsense_is_a_fault_and_the_worker_is_replaced(make_pool: MakePool, data: str) -> None:
    pool = make_pool("hostile")
    with pytest.raises(WorkerBadFrame):
        pool.call(["write", data])
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_an_answer_to_an_earlier_question_is_a_fault(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    assert pool.call(["answer twice", "first", PAUSE, "second"]) == "first"
    with pytest.raises(WorkerBadFrame, match="another question"):
        pool.call(["answer late", 2, "never given"])
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_an_answer_before_the_question_is_a_fault(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    assert pool.call(["answer twice", "first", PAUSE, "second"]) == "first"
    select.select([worker.descriptor for worker in pool._idle], [], [], 3.0)
    with pytest.raises(WorkerBadFrame, match="before it was asked"):
        pool.call(["answer late", 0, "never sent"])
    assert pool.call(["answer late", 0, "fine"]) == "fine"


def test_a_frame_may_be_sent_to_several_workers(make_pool: MakePool) -> None:
    pool = make_pool("hostile", size=2)
    pool.warm()
    frame = pool.encode(["name itself"])
    asked = [pool.begin_now(frame), pool.begin_now(frame)]
    answers = [worker.wait(time.monotonic() + 3.0) for worker in asked if worker]
    assert sorted(answers) == sorted(worker.pid for worker in asked if worker)


def test_an_answer_which_never_ends_is_late(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    with pytest.raises(WorkerTimeout):
        pool.call(["write", "000000"], wall_seconds=0.02)


def test_an_exception_arrives_with_kind_and_message(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError) as caught:
        make_pool("hostile").call(["fail", "so it is"])
    assert (caught.value.kind, caught.value.message) == ("ValueError", "so it is")


def test_a_message_without_end_is_cut(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError) as caught:
        make_pool("hostile").call(["fail", "x" * (FAULT_CHARACTERS + 1)])
    assert caught.value.message == "x" * FAULT_CHARACTERS


def test_an_exception_that_cannot_be_printed_is_still_reported(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError) as caught:
        make_pool("hostile").call(["fail unprintably"])
    assert caught.value.kind == "Unprintable"


def test_an_honest_worker_does_not_send_more_than_is_read(make_pool: MakePool) -> None:
    pool = make_pool("hostile", reply_bytes=100)
    envelope = len('{"value":""}')
    assert len(pool.call(["answer long", 100 - envelope])) == 100 - envelope
    with pytest.raises(WorkerError, match="FrameTooLongError"):
        pool.call(["answer long", 101 - envelope])


def test_an_answer_which_is_not_json_like_is_the_modules_fault(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError, match="FrameUnreadableError"):
        make_pool("hostile").call(["answer oddly"])


def test_a_request_over_the_limit_is_not_sent(make_pool: MakePool) -> None:
    pool = make_pool(request_bytes=10)
    assert pool.call("x" * 8) == "x" * 8
    with pytest.raises(WorkerRefused):
        pool.call("x" * 9)


def test_a_worker_is_replaced_after_its_number_of_calls(make_pool: MakePool) -> None:
    pool = make_pool("hostile", calls=2)
    first, second, third = (pool.call(["name itself"]) for _ in range(3))
    assert first == second != third


def test_it_serves_on_until_its_successor_is_ready(make_pool: MakePool) -> None:
    pool = make_pool("unopenable", setup={"after": 0.3}, calls=20)
    pool.warm()
    assert [pool.call(n, wall_seconds=0.2) for n in range(25)] == list(range(25))
    assert pool.counts().replacements == 1, "it goes after its last call, ready or not"
    assert pool.call("by the next") == "by the next"


def test_its_successor_takes_over_between_two_calls(make_pool: MakePool) -> None:
    pool = make_pool("hostile", calls=2000)
    first = pool.call(["name itself"])
    for _ in range(1999):
        pool.call(["name itself"])
    while not pool.counts().replacements:
        time.sleep(0.001)
    assert pool.call(["name itself"]) != first


def test_workers_that_grew_old_together_leave_one_by_one(make_pool: MakePool) -> None:
    pool = make_pool("unopenable", setup={"after": 0.1}, size=2, calls=40)
    pool.warm()
    for replaced in (1, 2):
        for number in range(40 if replaced == 1 else 1):
            assert call_together([(pool, number)] * 2, wall_seconds=1.0) == [number] * 2
        while pool.counts().replacements < replaced:
            time.sleep(0.01)
        time.sleep(0.02)
        assert pool.counts().replacements == replaced


def test_warming_says_why_a_module_cannot_be_opened(make_pool: MakePool) -> None:
    with pytest.raises(WorkerError) as caught:
        make_pool("unopenable", setup="no such theme").warm()
    assert (caught.value.kind, caught.value.message) == ("ValueError", "no such theme")


def test_calls_say_so_too_without_waiting(make_pool: MakePool) -> None:
    pool = make_pool("unopenable", setup="no such theme")
    with pytest.raises(WorkerUnavailable, match="no such theme"):
        pool.call(None, wall_seconds=60)


def test_opening_is_bounded_in_time(make_pool: MakePool) -> None:
    with pytest.raises(WorkerTimeout):
        make_pool("unopenable", setup="loop", start_seconds=0.05).warm()


def test_a_setup_over_the_limit_is_refused(make_pool: MakePool) -> None:
    make_pool(setup="x" * 8, setup_bytes=10).warm()
    with pytest.raises(WorkerRefused):
        make_pool(setup="x" * 9, setup_bytes=10).warm()


@pytest.mark.parametrize("entry", ["no_such_module", "apps.runtime.limits"])
def test_a_missing_entry_is_named(make_pool: MakePool, entry: str) -> None:
    with pytest.raises(WorkerFault, match=r"no_such_module|open"):
        make_pool(entry).warm()


def test_a_busy_pool_is_unavailable_at_the_deadline(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    caller = threading.Thread(target=lambda: pool.call(["answer late", 0.3, None]))
    caller.start()
    time.sleep(0.05)
    with pytest.raises(WorkerUnavailable, match="in time"):
        pool.call(["answer late", 0, None], wall_seconds=0.01)
    caller.join()


def test_many_threads_share_few_workers(make_pool: MakePool) -> None:
    pool = make_pool(size=2)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.extend(pool.call(n) for n in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(list(range(50)) * 4)


def test_a_closed_pool_takes_nothing(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.warm()
    pool.close()
    with pytest.raises(WorkerUnavailable, match="closed"):
        pool.call(1)
    pool.warm()


def test_closing_ends_a_call_under_way(make_pool: MakePool) -> None:
    pool = make_pool("hostile")
    pool.warm()
    threading.Timer(0.05, pool.close).start()
    with pytest.raises(WorkerDied):
        pool.call(["answer late", 2, None])
