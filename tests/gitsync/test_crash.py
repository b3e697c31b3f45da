"""Whatever a node does to its site can be killed anywhere: see `make crash`."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.gitsync.crashing import PROC, Death, Run, deaths, run_in_child
from tests.gitsync.harness import Harness
from tests.gitsync.operations import OPERATIONS, Operation
from tests.gitsync.worlds import World

SEED = 7
QUICK = {"save"}


@pytest.fixture(scope="module")
def harness(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Harness:
    return Harness(tmp_path_factory.mktemp("crash"), workers, renderer)


def _kill(harness: Harness, operation: Operation, times: int) -> None:
    prepared = harness.prepared(operation)
    chance = random.Random(SEED)
    for _ in range(times):
        harness.kill(prepared, chance)


@pytest.mark.parametrize("name", sorted(QUICK))
def test_killed_anywhere_it_loses_nothing(harness: Harness, name: str) -> None:
    _kill(harness, next(each for each in OPERATIONS if each.name == name), times=1)


@pytest.mark.long
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_killed_at_many_places_it_loses_nothing(harness: Harness, operation: Operation) -> None:
    _kill(harness, operation, times=3)


def test_the_steps_are_found_by_running(tmp_path: Path) -> None:
    """A harness that killed nothing would find nothing lost."""
    from apps.gitsync.git.output import tree_items

    whole = run_in_child(lambda tell: tell(str(len(tree_items(b"a b c\tx\0")))), Death(), tmp_path)
    assert (whole.finished, whole.acknowledged) == (True, ["1"])
    assert len(whole.lines) == 6
    for lines in whole.lines:
        for line in lines:
            death = Death(line=line)
            killed = run_in_child(lambda tell: tree_items(b"a b c\tx\0"), death, tmp_path)
            assert not killed.finished


def test_half_of_the_deaths_are_at_a_line() -> None:
    whole = Run(True, [[1], list(range(2, 1000))], 1.0, [], "")
    chosen = deaths(whole, random.Random(SEED))
    found = [next(chosen) for _ in range(400)]
    if PROC.is_dir():
        assert 150 < sum(each.line > 0 for each in found) < 250
        assert 50 < sum(each.git_only for each in found) < 150
    assert sum(each.line == 1 for each in found) > 50


@pytest.mark.long
def test_what_is_lost_is_found(harness: Harness) -> None:
    """An operation that tells of an edit before a ref names it."""

    def too_early(world: World, acknowledge: Callable[[str], None]) -> None:
        acknowledge("1" * 40)
        world.save("content/four.md", "# Four\n")

    save = next(each for each in OPERATIONS if each.name == "save")
    with pytest.raises(AssertionError, match="an acknowledged edit is lost"):
        _kill(harness, replace(save, run=too_early), times=1)
