"""What every page of one commit shows alike, as it is from one moment to the next."""

import math
from dataclasses import dataclass
from datetime import datetime

from apps.content import dates
from apps.content.configuration import Configuration
from apps.content.index import Index
from apps.delivery.context import SiteContext, quoted
from apps.delivery.observation import CommitMoved
from apps.extensions.registry import Registry

FEED = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Epoch:
    """From `now` on nothing becomes visible until `until`, in seconds since 1970. Within it every
    reading of one commit is the same, so all of them are as of `now`. At `since` the last moment
    came that showed more."""

    now: str
    since: float
    until: float


def read(
    configuration: Configuration, registry: Registry, index: Index, commit: str, clock: float
) -> tuple[SiteContext, Epoch]:
    """Raises CommitMoved: what is shown on every page is of the commit that the pages are of."""
    now = dates.from_timestamp(int(clock))
    with index.snapshot(lambda *_: None, now) as reader:
        if reader.commit() != commit:
            raise CommitMoved
        home = reader.document("/", "")
        sections = reader.sections()
        last, following = reader.last_moment(), reader.next_moment()
    menu = [{"title": s.title, "url": quoted(s.url)} for s in sections if "/" not in s.section]
    values = {
        "title": configuration.title or (home.title if home else "") or "Untitled site",
        "description": configuration.description or (home.description if home else ""),
        "base_url": configuration.base_url,
        "language": configuration.language,
        "sections": menu,
        "feed_url": _feed(registry),
    }
    context = SiteContext(values, {s.section: (s.title, s.url) for s in sections})
    return context, Epoch(now, _seconds(last, 0.0), _seconds(following, math.inf))


def _seconds(moment: str | None, otherwise: float) -> float:
    if moment is None:
        return otherwise
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError):
        return otherwise


def _feed(registry: Registry) -> str | None:
    mounts = (
        theme.mount
        for theme in registry.themes
        for route in theme.manifest.routes
        if route.content_type.startswith(FEED) and route.path == "/"
    )
    return next(mounts, None)
