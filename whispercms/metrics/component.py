"""The part of the start-up that makes what `/metrics` tells."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from threading import Event

from django.conf import settings

from apps.delivery.front import Front
from apps.delivery.live import LiveSite
from apps.delivery.measures import Measures
from apps.extensions.containment.containment import Containment
from apps.runtime.components import Component
from apps.runtime.context import Context
from apps.runtime.events import EventBus
from apps.runtime.supervisor import Supervisor
from apps.runtime.workers import Workers
from whispercms.facts import Couriers
from whispercms.metrics import reading
from whispercms.metrics.families import Sample
from whispercms.metrics.metrics import Metrics
from whispercms.metrics.sharing import Shared
from whispercms.web_settings import METRICS_FOR_ALL


def component() -> Component:
    """One process alone has nobody to write for."""
    run = _run if settings.INSTANCE.web.processes > 1 else None
    needed = ("front", "events")
    return Component(name="metrics", requires=needed, load=_load, run=run, stop=_stop)


def _load(context: Context) -> None:
    web = settings.INSTANCE.web
    shared = None
    if web.processes > 1:
        shared = Shared(Path(settings.STATE) / "metrics", os.getppid(), os.getpid())
        shared.begin()
    context.put(
        Metrics(
            partial(_own, context),
            lambda: reading.of_workers(context.get(Workers).counts()),
            partial(_node, context),
            for_all=web.metrics == METRICS_FOR_ALL,
            shared=shared,
        )
    )


def _run(context: Context, ended: Event) -> None:
    context.get(Metrics).run(ended)


def _stop(context: Context) -> None:
    context.get(Metrics).stop()


def _own(context: Context) -> Iterable[Sample]:
    yield from reading.of_process()
    yield from reading.of_requests(context.get(Measures))
    yield from reading.of_cache(context.get(Front).room())
    yield from reading.of_events(context.get(EventBus), context.get(Couriers))


def _node(context: Context, now: float) -> Iterable[Sample]:
    site, containment = context.get(LiveSite), context.get(Containment)
    return reading.of_node(site, containment, context.get(Supervisor), now)
