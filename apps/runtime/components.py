"""The parts of a start-up and the order that follows from what each requires. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from threading import Event

from apps.runtime.context import Context


class ComponentError(Exception):
    """The parts cannot be put in order; names those that stand in the way."""


def _nothing(context: Context) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """`load` may write to the context, `start` may only read it, `stop` undoes both. `run` goes on
    in a thread of its own while the process serves, until the event is set, and is supervised.

    `remedy` tells an operator what to do when the part fails.
    """

    name: str
    requires: tuple[str, ...] = ()
    load: Callable[[Context], None] = _nothing
    start: Callable[[Context], None] = _nothing
    stop: Callable[[Context], None] = _nothing
    run: Callable[[Context, Event], None] | None = None
    remedy: str = "See the log"

    @property
    def only_runs(self) -> bool:
        """Whether it has no part in the start-up itself."""
        return self.run is not None and self.load is self.start is _nothing


def in_order(components: Iterable[Component]) -> tuple[Component, ...]:
    """What is required comes first; among equals the name decides, whatever order was given.

    Raises ComponentError for a duplicate, a missing part or a cycle.
    """
    by_name: dict[str, Component] = {}
    for component in components:
        if component.name in by_name:
            raise ComponentError(f"two components are called {component.name!r}")
        by_name[component.name] = component
    missing = sorted(
        f"{c.name} requires {name}, which there is not"
        for c in by_name.values()
        for name in c.requires
        if name not in by_name
    )
    if missing:
        raise ComponentError("; ".join(missing))
    sorter = TopologicalSorter({c.name: c.requires for c in by_name.values()})
    try:
        sorter.prepare()
    except CycleError as error:
        raise ComponentError(f"a cycle: {' → '.join(error.args[1])}") from error
    ordered: list[Component] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += (by_name[name] for name in ready)
        sorter.done(*ready)
    return tuple(ordered)


def running(ordered: Iterable[Component]) -> dict[str, tuple[str, ...]]:
    """Those that run while serving, in order, each with the nearest running ones that it requires,
    itself or by way of others."""
    nearest: dict[str, tuple[str, ...]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for component in ordered:
        above = tuple(sorted({each for name in component.requires for each in nearest[name]}))
        nearest[component.name] = (component.name,) if component.run else above
        if component.run:
            found[component.name] = above
    return found
