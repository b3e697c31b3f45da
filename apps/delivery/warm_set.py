"""The warm set: after a sync, or when a moment shows more, what visitors ask for most is made again
before the next of them does."""

from collections.abc import Iterator
from threading import Event
from time import monotonic
from typing import Final

from apps.delivery.caching.entries import Entry
from apps.delivery.front import Front
from apps.delivery.live import LiveSite
from apps.delivery.query_keys import is_key, query_of
from apps.delivery.requests import PageRequest, new_id
from apps.delivery.served import Served

MOST: Final = 64
"""Responses; visitors ask for few pages most of the time."""
SECONDS: Final = 5.0
"""For all of them, waiting included. What is not ready by then is made for who asks for it."""
PAUSE: Final = 0.01
CODING: Final = "accept-encoding"


class WarmSet:
    """Of one front; for one thread, which it costs a comparison while nothing changes."""

    def __init__(self, site: LiveSite, front: Front) -> None:
        self._site, self._front = site, front
        self._seen: object = site.current().token

    def renew(self, ended: Event) -> int:
        """Once for each version of the site, the most wanted first; returns how many responses were
        looked at. Takes half of one core at most, and none while visitors wait for theirs."""
        served = self._site.current()
        if served.token is self._seen:
            return 0
        self._seen, until = served.token, monotonic() + SECONDS
        looked_at = 0
        for entry in self._front.fallen(served, MOST):
            if not self._may_go_on(served, until, ended):
                break
            began = monotonic()
            for request in _requests(entry):
                self._front.warm(request)
            looked_at += 1
            ended.wait(monotonic() - began)
        return looked_at

    def _may_go_on(self, served: Served, until: float, ended: Event) -> bool:
        while self._front.is_busy and monotonic() < until and not ended.wait(PAUSE):
            pass
        return monotonic() < until and not ended.is_set() and self._site.glance() is served


def _requests(entry: Entry) -> Iterator[PageRequest]:
    """As they came: one for each coding that was wanted."""
    fresh = entry.fresh
    named = tuple(zip(fresh.names, fresh.values, strict=True))
    sent = tuple((n, value) for n, value in named if value is not None and not is_key(n))
    query = query_of(named)
    codings = () if CODING in fresh.names else tuple(entry.holding.representations.coded)
    for coding in codings or (None,):
        headers = (*sent, (CODING, coding)) if coding else sent
        yield PageRequest("GET", fresh.path, query, headers, f"warm-{new_id()}")
