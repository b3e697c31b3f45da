"""What there is to tell of this process and of this node, as samples."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from time import time

from django_q.models import OrmQ

from apps.delivery.caching.store import Room
from apps.delivery.live import LiveSite
from apps.delivery.measures import Measures, Taken, Times
from apps.extensions.containment.breaker import CLOSED_STATE, OPEN, QUARANTINED
from apps.extensions.containment.containment import Containment
from apps.gitsync.runs import latest_good_run
from apps.runtime.counts import Counts
from apps.runtime.events import EventBus
from apps.runtime.standing_file import read_standings
from apps.runtime.subscriptions import EventCounts
from apps.runtime.supervision import Standings
from apps.runtime.supervisor import Supervisor
from whispercms.facts import Couriers
from whispercms.metrics import families
from whispercms.metrics.families import Sample
from whispercms.reports import program_file

STATES = (CLOSED_STATE, OPEN, QUARANTINED)
BEGUN = time()


def of_requests(measures: Measures) -> Iterator[Sample]:
    taken = measures.taken()
    yield Sample(families.UNDER_WAY, (), taken.under_way)
    yield from _answers(taken)


def _answers(taken: Taken) -> Iterator[Sample]:
    times: dict[tuple[str, str], Times] = {}
    answers: dict[tuple[str, str], int] = {}
    for kind, its in taken.times.items():
        where = kind.route, str(kind.outcome)
        times[where] = times[where] + its if where in times else its
        what = str(kind.outcome), str(kind.status)
        answers[what] = answers.get(what, 0) + sum(its.counts)
    yield from (Sample(families.SECONDS, labels, each) for labels, each in times.items())
    yield from (Sample(families.RESPONSES, labels, number) for labels, number in answers.items())


def of_cache(room: Room | None) -> Iterator[Sample]:
    if room is None:
        return
    yield Sample(families.CACHE_ENTRIES, (), room.entries)
    yield Sample(families.CACHE_EVICTIONS, (), room.evicted)
    for route, taken in room.routes.items():
        yield Sample(families.CACHE_BYTES, (route,), taken)


def of_events(bus: EventBus, couriers: Couriers) -> Iterator[Sample]:
    counts: Mapping[str, EventCounts] = {**bus.counts(), **couriers.counts()}
    for name, number in bus.waiting().items():
        yield Sample(families.EVENTS_WAITING, (name,), number)
    for name, each in counts.items():
        for fate, number in asdict(each).items():
            yield Sample(families.EVENTS, (name, fate), number)


def of_workers(counts: Mapping[str, Counts]) -> Iterator[Sample]:
    for pool, each in counts.items():
        ended = asdict(each)
        del ended["calls"]
        yield Sample(families.REPLACEMENTS, (pool,), ended.pop("replacements"))
        for ending, number in ended.items():
            yield Sample(families.CALLS, (pool, ending), number)


def of_process() -> Iterator[Sample]:
    yield Sample(families.STARTED, (str(os.getpid()),), BEGUN)


def of_node(
    site: LiveSite, containment: Containment, supervisor: Supervisor, now: float
) -> Iterator[Sample]:
    """Two indexed queries."""
    served = site.current()
    yield Sample(families.SERVED, (served.commit, served.branch), 1)
    yield Sample(families.TASKS_WAITING, (), OrmQ.objects.count())
    if run := latest_good_run():
        yield Sample(families.SYNC_AGE, (), max(0.0, now - run.started.timestamp()))
    for key, status in containment.statuses().items():
        for state in STATES:
            yield Sample(families.BREAKERS, (key, state), int(status.state == state))
    yield from _components({**read_standings(program_file()), **supervisor.standings()})


def _components(standings: Standings) -> Iterator[Sample]:
    for name, each in standings.items():
        yield Sample(families.PROGRAMS, (name, str(each.state)), 1)
