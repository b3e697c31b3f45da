"""Worlds that are made once, copied, killed and looked at."""

import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.gitsync.crashing import LIVES, LIVES_UNCOUNTED, Death, Run, deaths, run_in_child
from tests.gitsync.operations import Operation, check
from tests.gitsync.worlds import World, base, copied


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that is about to begin: a folder to copy, and a run of it that nobody killed."""

    operation: Operation
    template: Path
    whole: Run
    states: frozenset[tuple[str, ...]]
    named: frozenset[str]


class Harness:
    """Everything lies in `folder`; the node is always at the same place in it."""

    def __init__(self, folder: Path, workers: Workers, renderer: Renderer) -> None:
        self._folder, self._workers, self._renderer = folder, workers, renderer
        self._notes = folder / "notes"
        self._notes.mkdir()
        with self._world() as world:
            base(world)
        copied(self._place, folder / "base")

    @property
    def _place(self) -> Path:
        return self._folder / "world"

    @contextmanager
    def _world(self) -> Iterator[World]:
        world = World(self._place, self._workers, self._renderer)
        try:
            yield world
        finally:
            world.node.stop()

    def prepared(self, operation: Operation) -> Prepared:
        template = self._folder / operation.name
        copied(self._folder / "base", self._place)
        named: list[str] = []
        with self._world() as world:
            operation.prepare(world, named.append)
            before = world.served()
        copied(self._place, template)
        whole = self._run(operation, LIVES)
        assert whole.finished, whole.said
        copied(template, self._place)
        seconds = self._run(operation, LIVES_UNCOUNTED).seconds
        with self._world() as world:
            after = world.served()
        return Prepared(
            operation=operation,
            template=template,
            whole=replace(whole, seconds=seconds),
            states=frozenset({before, after}),
            named=frozenset(named),
        )

    def kill(self, prepared: Prepared, chance: random.Random) -> str:
        """How it died. Raises AssertionError or a fault when something is lost."""
        copied(prepared.template, self._place)
        death = next(deaths(prepared.whole, chance))
        run = self._run(prepared.operation, death)
        told = f"{prepared.operation.name} {death}{f' ({run.said})' if run.said else ''}"
        try:
            with self._world() as world:
                named = {*prepared.named, *run.acknowledged}
                check(world, prepared.operation, set(prepared.states), named)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__} in {place.name}:{place.lineno}: {error}"
            raise AssertionError(f"{told}: {what}") from error
        return told

    def _run(self, operation: Operation, death: Death) -> Run:
        return run_in_child(partial(_work, operation, self._place), death, self._notes)


def _work(operation: Operation, place: Path, tell: Callable[[str], None]) -> None:
    """With workers of its own: an answer that the dead never read would be taken for ours."""
    workers = Workers(required=False)
    operation.run(World(place, workers, Renderer(workers)), tell)
