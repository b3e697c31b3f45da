"""The response cache: found by address and by what was read of the request, held by facts."""

from collections.abc import Callable
from typing import Final

from apps.delivery.caching.entries import Entry, Fresh, Holding, Shelf
from apps.delivery.caching.flights import Flights
from apps.delivery.caching.store import Room, Store
from apps.delivery.caching.validity import hold
from apps.delivery.http.dating import dated
from apps.delivery.http.making import completed
from apps.delivery.http.representation import Asked, Representations
from apps.delivery.query_keys import Asking, read
from apps.delivery.requests import PageRequest
from apps.delivery.served import Served

PASSED: Final = 1024
"""Addresses of which it is remembered that nobody may be given another's response: there is nothing
to wait for."""

Found = tuple[Entry, Representations]


class ResponseCache:
    """One per process. `capacity` in bytes."""

    def __init__(self, capacity: int) -> None:
        self.store = Store(capacity)
        self._flights: Flights[Entry] = Flights()
        self._passed: dict[str, object] = {}

    def find(self, path: str, asked: Asking, served: Served) -> Found | None:
        """What was found to hold already, as the site is served now. Looks into memory only."""
        entry = self._at(path, asked)
        if entry is None:
            return None
        holding = entry.holding
        if holding[0] is served.token and holding[1] is served.containment.quarantined:
            return entry, holding[2]
        return None

    def obtain(self, request: PageRequest, served: Served, make: Callable[[], Fresh]) -> Entry:
        """What is kept, if it holds; else what is made, by one for all who want it now. Raises what
        `make` raises."""
        before = self._at(request.path, request)
        if entry := self._held(request, served):
            return entry
        hits = before.hits if before else 0
        if self._passed.get(request.path) is served.token:
            return self._kept(make(), hits)
        names = (*served.observing.headers, *served.routes.keys(request.path))
        values = tuple(read(request, name) for name in names)
        key = (request.path, bool(request.query), values, served.token)
        return self._flights.fly(
            key,
            lambda: self._held(request, served) or self._kept(make(), hits),
            lambda entry: entry.fresh.keeps,
        )

    def complete(self, entry: Entry, asked: Asked) -> Representations:
        """With the coding that is asked for."""
        before = entry.holding
        whole = completed(before.representations, asked)
        if whole is not before.representations:
            self.store.hold(entry, before._replace(representations=whole), before)
        return whole

    @property
    def is_busy(self) -> bool:
        """Whether something is being made that others may wait for."""
        return self._flights.is_any_under_way

    def fallen(self, served: Served, most: int) -> list[Entry]:
        """Of the `most` that were asked for most of late, those that are not known to hold now."""
        used = self.store.most_used(most)
        return [entry for entry in used if entry.holding.token is not served.token]

    def room(self) -> Room:
        return self.store.room()

    def _at(self, path: str, asked: Asking) -> Entry | None:
        spot = self.store.spots.get(path)
        if spot is None:
            return None
        names = spot.names
        return spot.variants.get(tuple([read(asked, name) for name in names]) if names else ())

    def _held(self, request: PageRequest, served: Served) -> Entry | None:
        entry = self._at(request.path, request)
        if entry is None or (entry.fresh.carries_query and request.query):
            return None
        before = entry.holding
        token, quarantined = served.token, served.containment.quarantined
        if before.token is token and before.quarantined is quarantined:
            return entry
        if now := self._still(entry, before, served):
            self.store.hold(entry, Holding(token, quarantined, now), before)
            return entry
        self.store.remove(entry)
        return None

    def _still(self, entry: Entry, before: Holding, served: Served) -> Representations | None:
        """The response as it is now, if all that it was made from is as it was."""
        quarantined = served.containment.quarantined
        if entry.fresh.made_by != served.made_by or before.quarantined != quarantined:
            return None
        holds = hold(entry.fresh.facts, served)
        return dated(before.representations, served.modified) if holds else None

    def _kept(self, fresh: Fresh, hits: int) -> Entry:
        if fresh.keeps:
            self._passed.pop(fresh.path, None)
            return self.store.put(fresh, hits)
        if len(self._passed) >= PASSED:
            self._passed.clear()
        self._passed[fresh.path] = fresh.token
        return Entry(fresh, Shelf(fresh.route))
