"""The ingress of this node, by its settings. What is not set is not even imported."""

from collections.abc import Callable
from functools import cache
from threading import Event
from typing import TYPE_CHECKING

from django.conf import settings

from apps.delivery.ingress.clients import Clients
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.ingress.origins import Origins
from apps.delivery.ingress.quotas import Quota
from apps.delivery.live import LiveSite
from apps.runtime.boot import Notes
from apps.runtime.components import Component
from apps.runtime.context import Context

if TYPE_CHECKING:
    from apps.delivery.ingress.allowances import Allowances


def components() -> tuple[Component, ...]:
    web = settings.INSTANCE.web
    shared = web.redis is not None and bool(web.rate_limits)
    ingress = Component(name="ingress", requires=("routes",), load=_load)
    if not shared:
        return (ingress,)
    return (ingress, Component(name="counting", requires=("ingress",), load=_share, run=_exchange))


def _load(context: Context) -> None:
    instance, site = settings.INSTANCE, context.get(LiveSite)
    web = instance.web
    hosts = Hosts(instance.hosts, _site_address(site))
    hosts.look()
    context.put(
        Ingress(
            hosts,
            clients=Clients(web.trusted_proxies),
            origins=Origins(web.cors_origins) if web.cors_origins else None,
            allowances=_allowances(context) if web.rate_limits else None,
            searches=_searches(context, web.search_limit) if web.search_limit else None,
        )
    )
    context.get(Notes)(", ".join(hosts.names))


def _site_address(site: LiveSite) -> Callable[[], str | None]:
    """Of the commit that is being served; None while it takes more than a look."""

    def address() -> str | None:
        served = site.glance()
        return None if served is None else served.configuration.base_url

    return address


def _allowances(context: Context) -> "Allowances":
    from apps.delivery.ingress.allowances import Allowances
    from apps.delivery.ingress.tallies import Tallies

    tallies = Tallies()
    context.put(tallies)
    return Allowances(settings.INSTANCE.web.rate_limits, tallies)


def _searches(context: Context, limit: Quota) -> "Callable[[], Allowances]":
    """Made when somebody searches: most nodes at rest have never been asked."""

    @cache
    def made() -> "Allowances":
        from apps.delivery.ingress.allowances import Allowances
        from apps.delivery.ingress.tallies import Tallies

        counting = settings.INSTANCE.web.rate_limits
        return Allowances((limit,), context.get(Tallies) if counting else Tallies())

    return made


def _share(context: Context) -> None:
    from apps.delivery.ingress.sharing import Sharing, redis
    from apps.delivery.ingress.tallies import Tallies

    url = settings.INSTANCE.web.redis or ""
    context.put(Sharing(context.get(Tallies), lambda: redis(url)))


def _exchange(context: Context, ended: Event) -> None:
    from apps.delivery.ingress.sharing import Sharing

    context.get(Sharing).run(ended)
