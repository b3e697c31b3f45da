"""The site with its cache alone: no ingress, no limits, no measures. What `hit_*_bare` are of.

Only ever imported by the server that runs it, in the environment of a node.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.delivery.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")
ROOM = 64 * 1024 * 1024


def _front() -> "Front":
    from whispercms.running import running

    context = running().context

    from apps.delivery.caching.cache import ResponseCache
    from apps.delivery.front import Front
    from apps.delivery.live import LiveSite
    from whispercms.collecting import keep

    keep()
    return Front(context.get(LiveSite), cache=ResponseCache(ROOM))


FRONT = _front()


def __getattr__(kind: str) -> object:
    """The application for a server that speaks WSGI or ASGI."""
    from apps.delivery import asgi, wsgi

    applications = {"wsgi": wsgi.DeliveryWSGI, "asgi": asgi.DeliveryASGI}
    if kind not in applications:
        raise AttributeError(kind)
    return applications[kind](FRONT)
