"""Passes the events `system.*` on to the site's own plugins, off the path of every request."""

import structlog

from apps.delivery.context import EVENT_SITE
from apps.delivery.live import LiveSite
from apps.delivery.served import Served
from apps.extensions.plugins import notify
from apps.runtime.emissions import Event

log = structlog.get_logger("whispercms.notify")


def notify_plugins(site: LiveSite, event: Event) -> None:
    """They are told of the commit that is served by now. Takes PHASE_SECONDS at most."""
    served = site.current()
    subscribers = served.registry.subscribers(event.topic)
    if not subscribers:
        return
    for failure in notify(subscribers, event.topic, _shown(served), served.containment):
        log.warning(
            "extension",
            topic=event.topic,
            by=failure.plugin,
            what="failed",
            detail=failure.reason,
        )


def _shown(served: Served) -> dict[str, dict[str, object]]:
    return {
        "site": {key: served.context.values[key] for key in EVENT_SITE},
        "system": {"commit": served.commit, "branch": served.branch},
    }
