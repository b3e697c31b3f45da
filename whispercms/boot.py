"""The start-up of this project: settings → repository → configuration → content → extensions →
routes → ready. The same for every server and for the commands that need it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import structlog
from django.conf import settings

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.front import Front
from apps.delivery.live import LiveSite
from apps.delivery.served import Node, load_served
from apps.delivery.warm_set import WarmSet
from apps.extensions.containment.containment import Containment
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.plugins import PHASE_SECONDS
from apps.gitsync.scheduling import wake
from apps.gitsync.unpublished import warn_of_unpublished
from apps.runtime.boot import BootError, Notes, Running, boot
from apps.runtime.components import Component
from apps.runtime.context import Context
from apps.runtime.events import EventBus
from apps.runtime.supervisor import Supervisor
from apps.runtime.workers import Workers
from whispercms import (
    consoled,
    developing,
    fronting,
    ingress,
    measuring,
    sandboxed,
    standing,
    upkeep,
)
from whispercms.announcing import announce
from whispercms.facts import couriers
from whispercms.instance import WEBHOOK_LENGTH
from whispercms.notifying import notify_plugins
from whispercms.reports import keep_report
from whispercms.site_secrets import SiteSecrets
from whispercms.supervised import BESIDE, tell
from whispercms.waking import Waker
from whispercms.watching import Watcher
from whispercms.webhook import Webhook

log = structlog.get_logger("whispercms.boot")

DRAIN_SECONDS = 2 * PHASE_SECONDS
"""At a stop: for what the plugins are being told, and for telling them of the stop."""


def bring_up_to_date(may_serve: Callable[[], None] | None = None) -> Running:
    """Databases, clone and index: what has to be done once for all processes of a node. With
    `may_serve`, that is called before the sync where an earlier one left what can be served
    meanwhile; to keep the report is up to the caller then."""
    if may_serve is None:
        return _kept(_boot((*COMMON, REPOSITORY)))
    before = standing.component(may_serve)
    return _boot((*COMMON, before, replace(REPOSITORY, requires=(before.name,))))


def start() -> Running:
    """Everything; raises BootError. Nothing answers before this has returned."""
    more = (*ingress.components(), *measuring.components(), *developing.components())
    return _kept(_boot((*COMMON, REPOSITORY, *SERVING, *more)))


def _boot(components: tuple[Component, ...]) -> Running:
    try:
        return boot(components)
    except BootError as error:
        keep_report(error.report)
        raise


def _kept(running: Running) -> Running:
    keep_report(running.report)
    return running


def _settings(context: Context) -> None:
    context.get(Notes)(f"{settings.INSTANCE.settings}")


def _configuration(context: Context) -> None:
    index = Index(settings.SITE_FILES)
    context.put(index)
    if pointer := index.pointer():
        configuration = pointer.site_configuration()
        context.get(Notes)(f"layout {configuration.layout}, {configuration.markdown}")


def _content(context: Context) -> None:
    """Says which; to count them would be to read them all."""
    if pointer := context.get(Index).pointer():
        context.get(Notes)(f"{pointer.branch} at {pointer.commit_id[:10]}")


def _containment(context: Context) -> None:
    """Loaded and following before any extension is; a database that is late keeps nobody from
    starting, as then nothing is admitted that might be quarantined."""
    index = context.get(Index)

    def commit() -> str:
        pointer = index.pointer()
        return pointer.commit_id if pointer else ""

    containment = Containment(DatabaseStore(settings.SITE_KEY, commit))
    context.put(containment)
    containment.start()
    shut = ", ".join(f"{key} {each.state}" for key, each in containment.shut().items())
    context.get(Notes)(shut if containment.known else "unknown: nothing is admitted")


def _extensions(context: Context) -> None:
    node = Node(
        index=context.get(Index),
        files=settings.SITE_FILES,
        renderer=context.get(Renderer),
        workers=context.get(Workers),
        bundled=settings.BUNDLED_EXTENSIONS,
        containment=context.get(Containment),
        image_room=settings.INSTANCE.web.image_bytes,
        pinned=settings.PINS_REQUIRED,
    )
    if settings.DEVELOP:
        site = developing.developed_site(node)
    else:
        site = LiveSite(settings.SITE_FILES, partial(load_served, node))
    context.put(site)
    registry = site.current().registry
    context.get(Notes)(", ".join(each.id for each in registry.extensions()))


def _routes(context: Context) -> None:
    themes = context.get(LiveSite).current().registry.themes
    routes = [f"{t.mount}{r.path.lstrip('/')}" for t in themes for r in t.manifest.routes]
    context.get(Notes)(" ".join(routes))


def _events(context: Context) -> None:
    bus = EventBus()
    if settings.INSTANCE.console:
        bus.subscribe("site.synced", announce, name="console")
    bus.subscribe("system.*", partial(notify_plugins, context.get(LiveSite)), name="plugins")
    context.put(bus)
    context.put(couriers(bus))
    tell(context.get(Supervisor), bus)
    context.get(Notes)(", ".join(bus.counts()))


def _watch(context: Context) -> None:
    context.put(
        Watcher(
            context.get(LiveSite),
            WarmSet(context.get(LiveSite), context.get(Front)),
            renderer=context.get(Renderer),
            files=settings.SITE_FILES,
            index=context.get(Index),
            events=context.get(EventBus),
        )
    )


def _secrets(context: Context) -> None:
    """Those that are needed later are asked for as well, so that what is missing is said now."""
    context.put(SiteSecrets(settings.SITE_SOURCE, settings.AGE_KEY))
    if settings.SITE_SOURCE.signing:
        settings.SITE_SOURCE.signing.check()


def _webhook(context: Context) -> None:
    secret = context.get(SiteSecrets).of(settings.INSTANCE.webhook_secret, WEBHOOK_LENGTH)
    waker = Waker(wake)
    context.put(waker)
    context.put(Webhook(secret, waker.wake))
    context.get(Notes)("on" if secret else "off")


COMMON = (
    Component(name="settings", load=_settings),
    Component(
        name="storage",
        requires=("settings",),
        load=upkeep.storage,
        remedy="Check that WHISPERCMS_STATE names a folder on this disk that may be written to",
    ),
    Component(
        name="workers",
        requires=("storage",),
        load=sandboxed.load,
        stop=lambda context: context.get(Workers).stop(),
    ),
    Component(name="sandbox", requires=("workers",), load=sandboxed.show),
)
REPOSITORY = Component(name="repository", requires=("sandbox",), load=upkeep.repository)
SERVING = (
    Component(name="secrets", requires=("repository",), load=_secrets),
    Component(name="configuration", requires=("repository",), load=_configuration),
    Component(name="content", requires=("configuration",), load=_content),
    Component(
        name="containment",
        requires=("content",),
        load=_containment,
        stop=lambda context: context.get(Containment).stop(),
    ),
    Component(
        name="extensions",
        requires=("containment",),
        load=_extensions,
        stop=lambda context: context.get(LiveSite).stop(),
    ),
    Component(name="routes", requires=("extensions",), load=_routes),
    Component(name="front", requires=("ingress", "routes"), load=fronting.load),
    Component(name="console", requires=("routes",), load=consoled.load, stop=consoled.stop),
    Component(
        name="events",
        requires=("routes",),
        load=_events,
        start=lambda context: context.get(EventBus).start(),
        stop=lambda context: context.get(EventBus).stop(DRAIN_SECONDS),
    ),
    Component(
        name="watcher",
        requires=("events", "front", "zygote"),
        load=_watch,
        run=lambda context, ended: context.get(Watcher).run(ended),
    ),
    Component(
        name="webhook",
        requires=("events", "secrets"),
        load=_webhook,
        run=lambda context, ended: context.get(Waker).run(ended),
    ),
    *BESIDE,
    Component(
        name="unpublished",
        requires=("watcher", "webhook", *(each.name for each in BESIDE)),
        load=warn_of_unpublished,
        stop=warn_of_unpublished,
    ),
    Component(
        name="ready",
        requires=("unpublished",),
        start=lambda context: context.get(EventBus).publish("system.started"),
        stop=lambda context: context.get(EventBus).publish("system.stopping"),
    ),
)
