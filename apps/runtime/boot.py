"""Starts the components in order, seals the context, has those supervised that run on, and stops
them all in reverse.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from multiprocessing.util import Finalize
from threading import Thread
from time import monotonic, perf_counter

import structlog

from apps.runtime.bootreport import BootReport, Step
from apps.runtime.components import Component, in_order, running
from apps.runtime.context import Context
from apps.runtime.parts import ThreadPart
from apps.runtime.supervisor import Supervisor

log = structlog.get_logger("whispercms.boot")

STOP_SECONDS = 30.0


class Notes:
    """What the step under way has to say of itself, for the report."""

    def __init__(self) -> None:
        self.text = ""
        self.values: Mapping[str, str] = {}

    def __call__(self, text: str, values: Mapping[str, str] | None = None) -> None:
        self.text, self.values = text, values or {}


class BootError(Exception):
    """A step failed; what was started has been stopped. Says which step, why, and what to do."""

    def __init__(self, step: str, reason: str, remedy: str, report: BootReport) -> None:
        self.step, self.reason, self.remedy, self.report = step, reason, remedy, report
        super().__init__(f"start-up failed at {step!r}: {reason}. {remedy}")


class Running:
    """A start-up that succeeded."""

    def __init__(
        self, context: Context, components: tuple[Component, ...], report: BootReport
    ) -> None:
        self.context, self.report = context, report
        self._components = components

    def stop(self) -> None:
        """In reverse order, whatever fails, within STOP_SECONDS. A second call does nothing."""
        components, self._components = self._components, ()
        _stop(components, self.context)

    def stop_at_exit(self) -> None:
        """When this process ends in order, and not when one that it forks does."""
        # atexit is passed by in a process that its server forked with multiprocessing, as Granian.
        Finalize(None, self.stop, exitpriority=0)


def boot(components: Iterable[Component]) -> Running:
    """Loads all, seals the context, starts all, then runs those that run on. Raises BootError or
    ComponentError. The context has the Supervisor from the beginning."""
    context, ordered = Context(), in_order(components)
    context.put(Notes())
    context.put(_supervisor(ordered, context))
    steps: list[Step] = []
    begun: list[Component] = []
    for component in ordered:
        begun.append(component)
        _step(component, "load", component.load, context=context, steps=steps, begun=begun)
    context.seal()
    for component in ordered:
        _step(component, "start", component.start, context=context, steps=steps, begun=begun)
    report = BootReport(tuple(steps))
    context.get(Supervisor).start()
    log.info("ready", seconds=round(report.seconds, 3))
    return Running(context, ordered, report)


def _supervisor(ordered: tuple[Component, ...], context: Context) -> Supervisor:
    runs = {each.name: partial(each.run, context) for each in ordered if each.run}
    return Supervisor(
        [ThreadPart(name, runs[name], requires) for name, requires in running(ordered).items()]
    )


def _step(
    component: Component,
    phase: str,
    act: Callable[[Context], None],
    *,
    context: Context,
    steps: list[Step],
    begun: list[Component],
) -> None:
    notes = context.get(Notes)
    notes("")
    start = perf_counter()
    try:
        act(context)
    except Exception as error:
        seconds = perf_counter() - start
        steps.append(Step(component.name, phase, seconds, "failed", notes.values))
        _stop(tuple(begun), context)
        reason = str(error) or type(error).__name__
        remedy = getattr(error, "remedy", component.remedy)
        log.error("step failed", step=component.name, phase=phase, reason=reason)
        report = BootReport(tuple(steps), f"{component.name}: {reason}")
        raise BootError(component.name, reason, remedy, report) from error
    except BaseException:
        _stop(tuple(begun), context)
        raise
    seconds = perf_counter() - start
    if notes.text or (phase == "load" and not component.only_runs):
        steps.append(Step(component.name, phase, seconds, notes.text, notes.values))
        log.info(
            "step", step=component.name, phase=phase, seconds=round(seconds, 4), detail=notes.text
        )


def _stop(components: tuple[Component, ...], context: Context) -> None:
    """All are tried; one that hangs is abandoned when the time is over, and named."""
    context.get(Supervisor).close()
    deadline = monotonic() + STOP_SECONDS
    for component in reversed(components):
        thread = Thread(target=_stop_one, args=(component, context), daemon=True)
        thread.start()
        thread.join(max(0.0, deadline - monotonic()))
        if thread.is_alive():
            log.error("not stopped in time", step=component.name)


def _stop_one(component: Component, context: Context) -> None:
    try:
        context.get(Supervisor).stop(component.name)
        component.stop(context)
    except Exception as error:
        log.error("could not be stopped", step=component.name, reason=str(error))
