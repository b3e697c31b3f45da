"""Requests are counted in sliding windows, for a bounded number of clients."""

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress.allowances import Allowances
from apps.delivery.ingress.bounds import CLIENTS
from apps.delivery.ingress.quotas import Quota
from apps.delivery.ingress.tallies import Tallies


class Time:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def limited(*quotas: Quota, clients: int = CLIENTS) -> tuple[Allowances, Tallies, Time]:
    time = Time()
    tallies = Tallies(time, clients)
    return Allowances(quotas, tallies), tallies, time


def test_so_many_are_let_in_and_no_more() -> None:
    allowances, _, time = limited(Quota("/", 3, 60))
    time.now = 60 * 1000.0
    assert [allowances.wait("/", "a") for _ in range(3)] == [0, 0, 0]
    assert allowances.wait("/", "a") > 0
    assert allowances.wait("/", "b") == 0


@given(st.integers(1, 5), st.sampled_from([1, 60, 3600]), st.floats(0, 3600), st.integers(1, 12))
def test_after_the_wait_there_is_room_and_a_moment_before_there_is_none(
    amount: int, seconds: int, offset: float, asked: int
) -> None:
    allowances, _, time = limited(Quota("/", amount, seconds))
    time.now = 1_000_000.0 + offset
    wait = 0
    for _ in range(amount + asked):
        wait = allowances.wait("/", "a")
    assert 1 <= wait <= 2 * seconds
    time.now += wait + 0.001
    assert allowances.wait("/", "a") == 0


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200), st.integers(1, 6))
def test_no_more_than_twice_the_amount_comes_in_whatever_the_times(
    gaps: list[float], amount: int
) -> None:
    """What a sliding counter promises of any span as long as its window."""
    allowances, _, time = limited(Quota("/", amount, 10))
    let_in = []
    for gap in gaps:
        time.now += gap
        if not allowances.wait("/", "a"):
            let_in.append(time.now)
    for begin in let_in:
        assert sum(begin <= at < begin + 10 for at in let_in) <= 2 * amount


def test_the_narrowest_prefix_is_asked_first_and_what_it_refuses_counts_no_further() -> None:
    allowances, _, _ = limited(Quota("/", 3, 60), Quota("/search/", 1, 60))
    assert allowances.wait("/search/", "a") == 0
    assert all(allowances.wait("/search/", "a") for _ in range(9))
    assert [bool(allowances.wait("/a", "a")) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("path", ["/%73earch/", "/%73%65arch/", "/search/"])
def test_a_prefix_cannot_be_passed_by_encoding_it(path: str) -> None:
    allowances, _, _ = limited(Quota("/search/", 1, 60))
    assert allowances.wait("/search/", "a") == 0
    assert allowances.wait(path, "a") > 0
    assert allowances.wait("/other", "a") == 0


def test_many_clients_cost_no_more_than_so_many() -> None:
    allowances, tallies, _ = limited(Quota("/", 1, 60), clients=10)
    for number in range(100):
        assert allowances.wait("/", f"{number}") == 0
    assert len(tallies) == 10
    assert len(tallies.take_untold(1000)) == 10
    assert allowances.wait("/", "99") > 0


def test_who_goes_on_asking_is_not_forgotten() -> None:
    allowances, _, _ = limited(Quota("/", 1, 60), clients=3)
    allowances.wait("/", "a")
    for number in range(30):
        allowances.wait("/", f"{number}")
        assert allowances.wait("/", "a") > 0


def test_what_was_counted_is_told_once_and_what_others_counted_is_learned() -> None:
    allowances, tallies, _ = limited(Quota("/", 10, 60))
    for _ in range(4):
        allowances.wait("/", "a")
    (told,) = tallies.take_untold(10)
    assert told.amount == 4
    assert tallies.take_untold(10) == []
    allowances.wait("/", "a")
    tallies.learn(told, 9)
    assert allowances.wait("/", "a") > 0


def test_what_is_learned_too_late_is_not_counted() -> None:
    allowances, tallies, time = limited(Quota("/", 2, 60))
    allowances.wait("/", "a")
    (told,) = tallies.take_untold(10)
    time.now += 120
    assert allowances.wait("/", "a") == 0
    tallies.learn(told, 100)
    assert allowances.wait("/", "a") == 0


def test_threads_together_are_let_in_no_more_often() -> None:
    allowances, _, _ = limited(Quota("/", 100, 3600))
    let_in: list[int] = []

    def ask() -> None:
        let_in.append(sum(not allowances.wait("/", "a") for _ in range(100)))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == 100
