"""`/healthz`: this process lives. `/readyz`: it serves a commit, and whether all is well."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType

from django.conf import settings

from apps.delivery.live import LiveSite
from apps.delivery.replies import SECURITY, Reply
from apps.extensions.containment.containment import Containment
from apps.gitsync import unpublished
from apps.gitsync.clone.tended import read_tended
from apps.gitsync.clone.tended import trouble as clone_trouble
from apps.gitsync.report import REFUSED
from apps.gitsync.runs import FAILED, latest_run
from apps.runtime.context import Context
from apps.runtime.events import EventBus
from apps.runtime.standing_file import read_standings, troubles
from apps.runtime.subscriptions import EventCounts
from apps.runtime.supervision import Standings
from apps.runtime.supervisor import Supervisor
from apps.runtime.workers import Workers
from whispercms.facts import Couriers
from whispercms.reports import program_file

ALIVE, READY = "/healthz", "/readyz"
NO_RUNS: Standings = MappingProxyType({})
NO_COUNTS: Mapping[str, EventCounts] = MappingProxyType({})


def health(path: str, *, local: bool, context: Context) -> Reply:
    """`local` says whether this machine itself asks."""
    if path == ALIVE:
        return _json(200, {"alive": True})
    workers = context.get(Workers) if local else None
    runs = {**read_standings(program_file()), **context.get(Supervisor).standings()}
    counts = {**context.get(EventBus).counts(), **context.get(Couriers).counts()}
    return readiness(context.get(LiveSite), workers, counts, runs)


def readiness(
    site: LiveSite,
    workers: Workers | None,
    events: Mapping[str, EventCounts] = NO_COUNTS,
    runs: Standings = NO_RUNS,
) -> Reply:
    """One indexed query. What is inside is told when `workers` is given."""
    try:
        served, run = site.current(), latest_run()
    except Exception as error:
        return _json(503, {"ready": False, "state": "degraded", "reason": str(error)[:500]})
    reasons = [run.reason] if run and run.state in (REFUSED, FAILED) else []
    reasons += filter(None, [clone_trouble(read_tended(settings.SITE_SOURCE))])
    trouble = "; ".join([*reasons, *_shut(served.containment), *troubles(runs).values()])
    values: dict[str, object] = {
        "ready": True,
        "state": "degraded" if trouble else "ok",
        "commit": served.commit,
        "environment": settings.ENVIRONMENT,
        "branch": served.branch,
        "pinned": (run.pinned or None) if run else None,
        "reason": trouble or None,
    }
    if workers is not None:
        values["sandbox"] = dict(workers.confinement())
        values["unpublished"] = unpublished.count(settings.SITE_SOURCE)
        values["extensions"] = {
            key: status.as_json() for key, status in served.containment.shut().items()
        }
        values["components"] = {name: standing.as_json() for name, standing in runs.items()}
        values["events"] = {name: asdict(counts) for name, counts in events.items()}
    return _json(200, values)


def _shut(containment: Containment) -> Iterator[str]:
    """In public only which, not why: the reason may quote the extension."""
    if not containment.known:
        yield "the states of the extensions are not known yet"
    for key, status in containment.shut().items():
        yield f"{key} is {status.state}"


def _json(status: int, values: dict[str, object]) -> Reply:
    body = json.dumps(values).encode() + b"\n"
    headers = (
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        *SECURITY,
    )
    return Reply(status, headers, body)
