"""`/healthz`: this process lives. `/readyz`: it serves a commit, and whether all is well."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from ipaddress import ip_address

from django.conf import settings

from apps.delivery.live import LiveSite
from apps.delivery.replies import SECURITY, Reply
from apps.extensions.containment.containment import Containment
from apps.gitsync.authoring import count_unpublished
from apps.gitsync.clone.tending import read_tended
from apps.gitsync.clone.tending import trouble as clone_trouble
from apps.gitsync.local import FAILED, latest_run
from apps.gitsync.report import REFUSED
from apps.runtime.events import EventBus
from apps.runtime.workers import Workers

ALIVE, READY = "/healthz", "/readyz"


def health(path: str, *, local: bool, site: LiveSite, workers: Workers, events: EventBus) -> Reply:
    """`local` says whether this machine itself asks."""
    if path == ALIVE:
        return _json(200, {"alive": True})
    return readiness(site, workers if local else None, events)


def is_forwarding(name: str) -> bool:
    """Whether a header of this name is one that proxies add."""
    lower = name.lower()
    return lower in ("forwarded", "via", "x-real-ip") or lower.startswith("x-forwarded")


def is_local(peer: str | None, forwarded: bool) -> bool:
    """`peer` is the address of the other end of the connection. Behind a proxy of this machine
    everybody comes from loopback, so a forwarded request never counts."""
    try:
        return bool(peer) and not forwarded and ip_address(peer or "").is_loopback
    except ValueError:
        return False


def readiness(site: LiveSite, workers: Workers | None, events: EventBus) -> Reply:
    """One indexed query. What is inside is told when `workers` is given."""
    try:
        served, run = site.current(), latest_run()
    except Exception as error:
        return _json(503, {"ready": False, "state": "degraded", "reason": str(error)[:500]})
    reasons = [run.reason] if run and run.state in (REFUSED, FAILED) else []
    reasons += filter(None, [clone_trouble(read_tended(settings.SITE_SOURCE))])
    trouble = "; ".join([*reasons, *_shut(served.containment)])
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
        values["unpublished"] = count_unpublished(settings.SITE_SOURCE)
        values["extensions"] = {
            key: status.as_json() for key, status in served.containment.shut().items()
        }
        values["events"] = {name: asdict(counts) for name, counts in events.counts().items()}
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
