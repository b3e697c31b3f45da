"""Several processes behind one port, as an operator runs them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from apps.delivery.replies import Reply
from tests.sites import ROOT, SiteRepository
from tests.whispercms.metrics.test_metrics import told
from tests.whispercms.nodes import STOP_SECONDS, Instance, Running, gone, made
from whispercms.metrics.metrics import TELL_SECONDS

pytestmark = pytest.mark.long
PROCESSES, SYNCS, VISITS = 3, 50, 12
READY_SECONDS = 40.0
SYNCING = """
import sys
from apps.content.rendering import Renderer
from apps.gitsync.local import local_site
from apps.gitsync.syncing.sync import sync
from apps.runtime.workers import Workers
workers = Workers(required=False)
for _ in sys.stdin:
    print(sync(local_site(workers, Renderer(workers))).state, flush=True)
"""
Node = tuple[SiteRepository, Instance, Running]


@pytest.fixture(scope="module", params=["granian", "daphne"])
def node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Node]:
    settings = {"SERVER": request.param, "PROCESSES": str(PROCESSES), "METRICS": "local"}
    repository, instance = made(tmp_path_factory.mktemp("node"), **settings)
    with instance.started() as running:
        assert _soon(lambda: len(_processes(instance)) == PROCESSES)
        yield repository, instance, running


@pytest.fixture
def syncs(node: Node) -> Iterator[Callable[[], None]]:
    """One sync for each call, in a process that has loaded everything already."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SYNCING],
        cwd=ROOT,
        env=node[1].environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    asked, said = process.stdin, process.stdout

    def sync() -> None:
        asked.write("\n")
        asked.flush()
        while (line := said.readline()) != "applied\n":
            assert line, "it has ended"

    yield sync
    asked.close()
    assert process.wait(STOP_SECONDS) == 0


def test_after_a_sync_none_serves_what_was_before(node: Node, syncs: Callable[[], None]) -> None:
    repository, instance, _ = node
    for number in range(SYNCS):
        repository.commit({"content/one.md": f"# Number {number}\n"})
        syncs()
        pages = [instance.get("/one/") for _ in range(VISITS)]
        assert {page.status for page in pages} == {200}
        assert all(f"Number {number}<" in page.text for page in pages), number


def test_whichever_is_asked_tells_of_all(node: Node) -> None:
    _, instance, _ = node
    sleep(2 * TELL_SECONDS)
    before = _answers(instance)
    seen = [before]
    for _ in range(20):
        instance.get("/one/")
        seen.append(_answers(instance))
    assert seen == sorted(seen)
    sleep(2 * TELL_SECONDS)
    assert _answers(instance) == before + 20


def test_what_one_had_counted_outlives_it(node: Node) -> None:
    _, instance, running = node
    sleep(2 * TELL_SECONDS)
    before, pids = _answers(instance), _processes(instance)
    victim = min(pids)
    family = {each for each in running.family() if each[0] == victim}
    os.kill(victim, signal.SIGKILL)
    assert gone(family)
    assert _soon(lambda: len(_processes(instance) - {victim}) == PROCESSES)
    assert _answers(instance) >= before


def test_a_signal_ends_all_of_them(node: Node) -> None:
    _, _, running = node
    family = running.family()
    assert running.end() == 0
    assert gone(family)


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = monotonic() + READY_SECONDS
    while not holds() and monotonic() < deadline:
        sleep(0.2)
    return holds()


def _told(instance: Instance) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return told(Reply(200, (), instance.get("/metrics").text.encode()))


def _answers(instance: Instance) -> float:
    found = _told(instance)
    return sum(value for (name, _), value in found.items() if name == "whispercms_responses_total")


def _processes(instance: Instance) -> set[int]:
    name = "whispercms_process_start_seconds"
    return {int(dict(labels)["process"]) for found, labels in _told(instance) if found == name}
