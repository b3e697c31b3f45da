"""A registry is loaded as a whole, or nothing of it is left."""

import pytest

from apps.content.configuration import read_configuration
from apps.extensions import loading
from apps.extensions.settling import ExtensionsUnusable
from apps.runtime.faults import WorkerUnavailable
from apps.runtime.workers import WorkerPool, Workers, WorkerSpec
from tests.delivery.extending import config, plugin
from tests.sites import ROOT

GOOD, BAD, WORSE = plugin("good", "return"), plugin("bad", "end"), plugin("worse", "if")


class Interrupted(BaseException):
    """As when the machine has no more processes, or somebody ends it."""


@pytest.fixture
def pools(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> list[WorkerPool]:
    """All that are made from now on."""
    made: list[WorkerPool] = []
    pool = workers.pool

    def seen(spec: WorkerSpec) -> WorkerPool:
        made.append(pool(spec))
        return made[-1]

    monkeypatch.setattr(workers, "pool", seen)
    return made


def load(workers: Workers, *names: str) -> None:
    files = {**GOOD, **BAD, **WORSE}
    kept = {path: each.encode() for path, each in files.items() if isinstance(each, str)}
    configuration = read_configuration(config(*names), frozenset({"content"}))
    loading.load(configuration, kept, workers=workers, bundled=ROOT, before=None, pinned=False)


def is_closed(pool: WorkerPool) -> bool:
    try:
        pool.call({"check": True})
    except WorkerUnavailable as fault:
        return "closed" in fault.reason
    return False


def test_what_cannot_be_used_leaves_no_worker(workers: Workers, pools: list[WorkerPool]) -> None:
    with pytest.raises(ExtensionsUnusable, match=r"plugins/bad/main\.lua"):
        load(workers, "good", "bad")
    assert len(pools) == 3 and all(map(is_closed, pools))


def test_what_is_wrong_is_told_of_each(workers: Workers) -> None:
    with pytest.raises(ExtensionsUnusable) as caught:
        load(workers, "worse", "good", "bad")
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["plugins/bad/main.lua", "plugins/worse/main.lua"]


def test_what_ends_in_the_middle_leaves_none_either(
    workers: Workers, pools: list[WorkerPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*values: object) -> None:
        raise Interrupted

    monkeypatch.setattr(loading, "enabled_plugin", interrupted)
    with pytest.raises(Interrupted):
        load(workers, "good", "bad")
    assert len(pools) == 2 and all(map(is_closed, pools))
