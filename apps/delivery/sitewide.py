"""What every page of one commit shows alike, as it is from one moment to the next."""

import math
from dataclasses import dataclass
from datetime import datetime

from apps.content import dates
from apps.content.configuration import Configuration
from apps.content.index import Index
from apps.content.menus import MAIN, trees
from apps.delivery import searching
from apps.delivery.beside import menu as menu_of
from apps.delivery.context import SiteContext, feed_values
from apps.delivery.feeds import ATOM, Feeds
from apps.delivery.observation import CommitMoved
from apps.delivery.quoting import quoted
from apps.extensions.registry import Registry


@dataclass(frozen=True, slots=True)
class Epoch:
    """From `now` on nothing appears or disappears until `until`, in seconds since 1970. Within it
    every reading of one commit is the same, so all of them are as of `now`. At `since` the last
    moment came that showed more or less."""

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
        named = (*configuration.menus, *reader.menu_lines())
        sections = reader.sections()
        last, following = reader.last_moment(), reader.next_moment()
    feeds = Feeds(registry).of_site()
    menu = [{"title": s.title, "url": quoted(s.url)} for s in sections if "/" not in s.section]
    menus = {name: menu_of(entries) for name, entries in trees(named).items()}
    values = {
        "title": configuration.title or (home.title if home else "") or "Untitled site",
        "description": configuration.description or (home.description if home else ""),
        "base_url": configuration.base_url,
        "language": configuration.language,
        "sections": menu,
        "menu": menus.get(MAIN) or [{**each, "below": []} for each in menu],
        "menus": menus,
        "feed_url": next((url for type_, url in feeds if type_ == ATOM), None),
        "feeds": feed_values(feeds),
        "search_url": searching.address(registry),
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
