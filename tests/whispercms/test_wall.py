"""A wall of malformed requests, over raw sockets and against real servers: each is refused or
answered, whoever comes next is answered at once, and nothing is left behind.
"""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from time import monotonic, sleep

import pytest

from tests.whispercms.nodes import Instance, Running, made
from tests.whispercms.wall import HOST, NOTHING, PAGE, SAMPLE, WALL, Strange, answered
from whispercms.servers import HEADER_SECONDS

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is read"),
]
AT_ONCE = 8
ROUNDS = 3
MEGABYTES = 8
"""By which all processes of a node together may grow, once they have seen everything."""
SECONDS = 2.0
"""For an honest request on a new connection, whatever else goes on."""
LARGE = 24 * 1024 * 1024
BODY = b" HTTP/1.1\r\n" + HOST + b"X-Gitlab-Token: x\r\nContent-Length: 9999\r\n\r\n"
REQUEST = b"GET /one/ HTTP/1.1\r\n" + HOST


@dataclass(frozen=True, slots=True)
class Node:
    server: str
    instance: Instance
    running: Running

    @property
    def port(self) -> int:
        return self.instance.port

    def is_honest_answered(self) -> bool:
        begun = monotonic()
        return self.instance.get(PAGE).status == 200 and monotonic() - begun < SECONDS

    def megabytes(self) -> float:
        """The proportional set size of all processes."""
        kilobytes = 0
        for pid, _ in self.running.family():
            with suppress(OSError):
                text = Path(f"/proc/{pid}/smaps_rollup").read_text()
                kilobytes += int(text.partition("\nPss:")[2].split()[0])
        return kilobytes / 1024

    def descriptors(self) -> int:
        return sum(len([*Path(f"/proc/{pid}/fd").iterdir()]) for pid, _ in self.running.family())

    def sent(self, data: bytes) -> socket.socket:
        """A connection on which so much was sent, and nothing read."""
        found = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        found.sendall(data)
        return found


@pytest.fixture(scope="module", params=["granian", "daphne"])
def node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Node]:
    settings = {"SERVER": request.param, "WEBHOOK_SECRET": "w" * 20}
    repository, instance = made(tmp_path_factory.mktemp("wall"), **settings)
    repository.commit({"media/large.bin": os.urandom(LARGE)})
    with instance.started() as running:
        yield Node(request.param, instance, running)


def wrong(node: Node, each: Strange) -> str | None:
    """What is not as it should be."""
    statuses = answered(node.port, each.sent)
    first = statuses[0] if statuses else NOTHING
    if first not in each.may or len(statuses) > each.most:
        return f"{each.name}: {statuses}, not {sorted(each.may)}"
    return None if node.is_honest_answered() else f"{each.name}: nobody is answered after it"


def test_each_is_refused_or_answered_and_the_next_is_served(node: Node) -> None:
    before = node.running.family()
    assert list(filter(None, (wrong(node, each) for each in WALL))) == []
    # A worker that rests may go meanwhile; none may come in the place of one that died.
    assert node.running.family() <= before


def test_many_at_once_again_and_again_leave_nothing_behind(node: Node) -> None:
    def storm() -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            assert list(filter(None, threads.map(lambda each: wrong(node, each), WALL))) == []

    storm()
    family, before, descriptors = node.running.family(), node.megabytes(), node.descriptors()
    for _ in range(ROUNDS):
        storm()
    assert node.running.family() == family
    assert node.megabytes() < before + MEGABYTES
    assert node.descriptors() < descriptors + AT_ONCE


def test_whoever_leaves_early_is_forgotten(node: Node) -> None:
    for data in (b"", REQUEST, REQUEST + b"\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"):
        for _ in range(50):
            with node.sent(data) as found:
                # Closed with a reset, not in order.
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
    assert node.is_honest_answered()


def test_whoever_has_said_all_is_answered_or_closed(node: Node) -> None:
    with node.sent(REQUEST + b"Connection: close\r\n\r\n") as found:
        found.shutdown(socket.SHUT_WR)
        assert found.recv(12) in (b"HTTP/1.1 200", b"")
    assert node.is_honest_answered()


def test_many_that_say_nothing_keep_nobody_waiting(node: Node) -> None:
    with ExitStack() as open_ones:
        for _ in range(400):
            open_ones.enter_context(node.sent(b""))
        assert all(node.is_honest_answered() for _ in range(5))


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(REQUEST + b"X: ", id="head"),
        pytest.param(b"POST /one/" + BODY, id="body"),
        pytest.param(b"POST /-/webhook" + BODY, id="webhook"),
    ],
)
def test_a_slow_drip_keeps_nobody_waiting_and_comes_to_an_end(node: Node, begun: bytes) -> None:
    with ExitStack() as open_ones:
        drips = [open_ones.enter_context(node.sent(begun)) for _ in range(100)]
        deadline = monotonic() + HEADER_SECONDS + 5
        while drips and monotonic() < deadline:
            drips = [each for each in drips if _dripped(each)]
            assert node.is_honest_answered()
            sleep(0.5)
        # The webhook of a WSGI server keeps one thread at most, for as long as it takes.
        assert len(drips) <= 1 or node.server == "daphne"
    assert node.is_honest_answered()


def _dripped(connection: socket.socket) -> bool:
    """Whether the server still listens to it after one more byte."""
    try:
        connection.sendall(b"a")
        connection.settimeout(0.001)
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_many_that_do_not_read_what_they_asked_for_keep_nobody_waiting(node: Node) -> None:
    with ExitStack() as open_ones:
        for _ in range(24):
            data = b"GET /media/large.bin HTTP/1.1\r\n" + HOST + b"\r\n"
            open_ones.enter_context(node.sent(data))
        assert all(node.is_honest_answered() for _ in range(10))
    assert node.is_honest_answered()


def test_nobody_behind_a_proxy_can_pass_for_somebody_else(tmp_path: Path) -> None:
    settings = {"TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMITS": "/ 2/hour"}
    _, instance = made(tmp_path, **settings)
    true = b"X-Forwarded-For: 192.0.2.7\r\n"
    with instance.started():
        statuses = []
        for number in range(4):
            name = b"X_Forwarded_For: 198.51.100.%d\r\n" % number
            statuses += answered(instance.port, REQUEST + true + name + b"\r\n")
            value = b"X-Forwarded-For: 198.51.100.%d, 192.0.2.7\r\n" % number
            statuses += answered(instance.port, REQUEST + value + b"\r\n")
    assert statuses == [200, 200, 429, 429, 429, 429, 429, 429]


def test_the_sample_is_of_the_wall() -> None:
    assert len(SAMPLE) == 13
    assert len({each.name for each in WALL}) == len(WALL)
