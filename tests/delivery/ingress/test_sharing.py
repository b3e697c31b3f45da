"""Nodes count together while Redis is there, and each alone while it is not."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from apps.delivery.ingress.allowances import Allowances
from apps.delivery.ingress.bounds import REDIS_SECONDS, RETRY_SECONDS, SHARE_SECONDS
from apps.delivery.ingress.quotas import Quota
from apps.delivery.ingress.sharing import Sharing, Totals, redis
from apps.delivery.ingress.tallies import Tallies

HOURLY = Quota("/", 10, 3600)


class Node:
    def __init__(self, totals: Totals) -> None:
        tallies = Tallies()
        self.allowances = Allowances([HOURLY], tallies)
        self.sharing = Sharing(tallies, lambda: totals)

    def let_in(self, times: int) -> int:
        return sum(not self.allowances.wait("/", "a") for _ in range(times))


class InMemory:
    """What Redis does with these, and can be gone."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}
        self.asked, self.is_there = 0, True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        self.asked += 1
        if not self.is_there:
            raise ConnectionError
        self.totals[key] = self.totals.get(key, 0) + amount
        return self.totals[key]


def test_nodes_count_together() -> None:
    totals = InMemory()
    one, other = Node(totals), Node(totals)
    assert one.let_in(6) == 6
    one.sharing.exchange()
    assert other.let_in(1) == 1
    other.sharing.exchange()
    assert other.let_in(10) == 3
    other.sharing.exchange()
    assert one.let_in(1) == 1
    one.sharing.exchange()
    assert one.let_in(1) == 0


def test_who_has_nothing_to_tell_asks_nothing() -> None:
    totals = InMemory()
    node = Node(totals)
    node.sharing.exchange()
    assert totals.asked == 0


def test_without_redis_each_counts_alone_and_asks_ever_more_rarely() -> None:
    totals = InMemory()
    totals.is_there = False
    node = Node(totals)
    pauses = []
    for _ in range(10):
        node.let_in(1)
        node.sharing.exchange()
        pauses.append(node.sharing.pause)
    assert totals.asked == 10
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == RETRY_SECONDS
    assert node.let_in(1) == 0
    totals.is_there = True
    Node(totals).sharing.exchange()
    node.sharing.exchange()
    assert node.sharing.pause == RETRY_SECONDS[1]


def test_when_redis_is_back_it_is_told_again() -> None:
    totals = InMemory()
    totals.is_there = False
    node = Node(totals)
    node.let_in(1)
    node.sharing.exchange()
    totals.is_there = True
    node.let_in(2)
    node.sharing.exchange()
    assert node.sharing.pause == SHARE_SECONDS
    assert list(totals.totals.values()) == [2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server")
    path = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = monotonic() + 10
        while not path.exists() and monotonic() < deadline:
            sleep(0.02)
        yield f"unix://{path}", process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


@pytest.mark.long
def test_with_a_redis_of_its_own_nodes_count_together(
    server: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, _ = server
    one, other = Node(redis(url)), Node(redis(url))
    assert one.let_in(10) == 10
    one.sharing.exchange()
    assert other.let_in(1) == 1
    other.sharing.exchange()
    assert other.let_in(1) == 0


@pytest.mark.long
def test_a_redis_that_hangs_or_dies_costs_its_bound_and_then_nothing(
    server: tuple[str, subprocess.Popen[bytes]],
) -> None:
    url, process = server
    node = Node(redis(url))
    node.let_in(1)
    node.sharing.exchange()
    assert node.sharing.pause == SHARE_SECONDS
    process.send_signal(signal.SIGSTOP)
    node.let_in(1)
    begun = monotonic()
    node.sharing.exchange()
    assert monotonic() - begun < 8 * REDIS_SECONDS
    assert node.sharing.pause == RETRY_SECONDS[0]
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    node.let_in(1)
    node.sharing.exchange()
    assert node.sharing.pause == 2 * RETRY_SECONDS[0]
    assert node.let_in(7) == 7
