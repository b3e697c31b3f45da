"""One request through the four phases of the pipeline, with all that is not kept otherwise: what
was read, proposed, accepted and dropped, how long it took, and what the workers used."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

from apps.delivery import pipeline
from apps.delivery.facts import Fact
from apps.delivery.observation import observe
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest
from apps.delivery.served import Served
from apps.delivery.traces import DROPPED, Trace
from apps.extensions.acceptance import Dropped
from apps.extensions.plugins import Outcome
from apps.extensions.proposals import Proposal
from apps.extensions.themes import ThemeFault
from apps.runtime.cpu_time import Usage
from apps.runtime.workers import WorkerPool

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Fate:
    """A proposal, and why it was dropped; empty where it was carried out."""

    by: str
    proposal: Proposal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What one worker spent on the request, and the most memory that it ever had, in bytes."""

    worker: str
    calls: int
    cpu_seconds: float
    peak_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """`seconds` by phase, in order. Without a reply the theme could not write the page."""

    commit: str
    reply: Reply | None
    seconds: Mapping[str, float]
    facts: Sequence[Fact]
    route: str
    fates: Sequence[Fate]
    failures: Sequence[tuple[str, str]]
    used: Sequence[Used]


@dataclass(slots=True)
class _KeepingTrace(Trace):
    kept: list[object] = field(default_factory=list)

    def keep(self, made: object) -> None:
        self.kept.append(made)


def look_closely(request: PageRequest, served: Served) -> Closer:
    """Raises CommitMoved, and WorkerFault when no worker can be started at all."""
    pools = {id(pool): pool for pool in served.registry.pools().values()}.values()
    for pool in pools:
        pool.warm()
    usages = [(pool, pool.counts().calls, pool.usages()) for pool in pools]
    trace, seconds = _KeepingTrace(), dict[str, float]()
    observation = _timed(seconds, "observe", lambda: observe(request, served.observing))
    reply = pipeline.without_theme(observation, served)
    try:
        if reply is None:
            accepted = _timed(
                seconds, "propose", lambda: pipeline.propose(observation, served, trace)
            )
            draft = _timed(
                seconds, "apply", lambda: pipeline.apply(observation, accepted, served, trace)
            )
            reply = _timed(
                seconds,
                "finalize",
                lambda: pipeline.finalize(draft, accepted, observation, served, trace),
            )
    except ThemeFault as fault:
        trace.failure(f"theme {fault.theme}", str(fault))
    match = observation.found.match if observation.found else None
    return Closer(
        commit=served.commit,
        reply=reply,
        seconds=seconds,
        facts=observation.facts,
        route=f"{match.theme.id}/{match.route.name}" if match else "",
        fates=tuple(_fates(trace.kept)),
        failures=tuple((s.by, s.detail) for s in trace.steps if s.what != DROPPED),
        used=tuple(_used(usages)),
    )


def _timed(seconds: dict[str, float], phase: str, act: Callable[[], Result]) -> Result:
    start = perf_counter()
    try:
        return act()
    finally:
        seconds[phase] = perf_counter() - start


def _fates(kept: Sequence[object]) -> Iterator[Fate]:
    """What was accepted may still be dropped when it is carried out."""
    lost = [each for made in kept if isinstance(made, tuple) for each in made]
    lost = [each for each in lost if isinstance(each, Dropped)]
    for outcome in kept:
        for each in outcome.accepted.all() if isinstance(outcome, Outcome) else ():
            found = next((d for d in lost if (d.by, d.proposal) == (each.by, each.proposal)), None)
            if found is None:
                yield Fate(each.by, each.proposal)
    yield from (Fate(each.by, each.proposal, each.reason) for each in lost)


def _used(before: Sequence[tuple[WorkerPool, int, dict[int, Usage]]]) -> Iterator[Used]:
    for pool, calls, usages in before:
        now = pool.usages()
        spent = sum(
            usage.cpu_seconds - (usages[pid].cpu_seconds if pid in usages else 0.0)
            for pid, usage in now.items()
        )
        peak = max((usage.peak_bytes for usage in now.values()), default=0.0)
        if asked := pool.counts().calls - calls:
            yield Used(pool.spec.name, asked, spent, peak)
