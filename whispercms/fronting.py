"""Puts the front together, by this installation's settings."""

from collections.abc import Callable
from functools import partial

from django.conf import settings

from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.http.sending import Sending
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.live import LiveSite
from apps.delivery.measures import Measures
from apps.delivery.telling import TellingFront
from apps.runtime.boot import Notes
from apps.runtime.context import Context
from whispercms.instance import Instance
from whispercms.web_settings import METRICS_OFF as OFF

MEGABYTE = 1024 * 1024


def load(context: Context) -> None:
    web = settings.INSTANCE.web
    measures = None
    if web.metrics != OFF:
        measures = Measures()
        context.put(measures)
    made = front(context.get(LiveSite), settings.INSTANCE, context.get(Ingress), measures)
    context.put(made, Front)
    context.get(Notes)(f"cache of {web.cache_megabytes} MB" if web.cache_megabytes else "no cache")


def front(
    site: LiveSite, instance: Instance, ingress: Ingress, measures: Measures | None = None
) -> Front:
    """What is switched off is not made."""
    web = instance.web
    room = web.cache_megabytes * MEGABYTE
    made: Callable[..., Front] = Front
    if measures is not None or web.debug_headers:
        made = partial(TellingFront, measures=measures, explains=web.debug_headers)
    return made(
        site,
        ingress=ingress,
        cache=ResponseCache(room) if room else None,
        sending=Sending(
            shared_seconds=web.shared_seconds,
            apart=instance.console,
            secure=web.tls_certificate is not None,
        ),
        tells_hits=web.access_log,
    )
