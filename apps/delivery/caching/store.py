"""Entries in memory: bounded by bytes, and fair, so that no route can drive out all others.

Looking takes no lock. What changes the shelves holds one, for as long as it takes to count.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from apps.delivery.caching.entries import Entry, Fresh, Holding, Shelf, Values, size_of
from apps.delivery.sparing import next_out

ENTRY_SHARE: Final = 16
"""A response that takes more than this part of the room is not kept."""
ABSENT: Final = "absent"
ABSENT_SHARE: Final = 8
"""Visitors can think of any number of addresses that are not there: they get this part at most."""
VARIANTS: Final = 32
"""Of one address: headers and keys of the query can have any number of values."""


class Spot:
    """All that is kept for one address. `names` are what of a request tells its variants apart."""

    __slots__ = ("names", "variants")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.variants: dict[Values, Entry] = {}


@dataclass(frozen=True, slots=True)
class Room:
    """How much of it is taken, by route, and how many entries had to give way so far."""

    bytes: int
    entries: int
    evicted: int
    routes: dict[str, int]


class Store:
    """`capacity` in bytes."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.spots: dict[str, Spot] = {}
        self.plain: dict[str, Entry] = {}
        """Of addresses in ASCII that are the same for everybody: the same to look up however the
        address was decoded."""
        self._shelves: dict[str, Shelf] = {}
        self._lock = threading.Lock()
        self._bytes = self._entries = self._evicted = 0

    def put(self, fresh: Fresh, hits: int = 0) -> Entry:
        """What is too large is not kept, and is an entry all the same. `hits` are those of what it
        takes the place of."""
        with self._lock:
            self._clear(fresh)
            shelf = self._shelves.get(fresh.route) or Shelf(fresh.route)
            entry = Entry(fresh, shelf, hits)
            if entry.size > self.capacity // ENTRY_SHARE:
                return entry
            self._shelves[fresh.route] = shelf
            spot = self.spots.setdefault(fresh.path, Spot(fresh.names))
            spot.variants[fresh.values] = entry
            if not fresh.names and fresh.path.isascii():
                self.plain[fresh.path] = entry
            shelf.entries[entry] = None
            shelf.bytes += entry.size
            self._bytes += entry.size
            self._entries += 1
            self._make_room()
        return entry

    def _clear(self, fresh: Fresh) -> None:
        """What the new one takes the place of."""
        spot = self.spots.get(fresh.path)
        if spot is None:
            return
        variants = tuple(spot.variants.values())
        if spot.names != fresh.names:
            for each in variants:
                self._remove(each)
        elif before := spot.variants.get(fresh.values):
            self._remove(before)
        elif len(variants) >= VARIANTS:
            self._remove(min(variants, key=lambda each: each.hits))

    def remove(self, entry: Entry) -> None:
        with self._lock:
            self._remove(entry)

    def hold(self, entry: Entry, now: Holding, before: Holding) -> None:
        """The same response at another commit, or in one more coding; nothing where somebody else
        was faster."""
        with self._lock:
            if entry.holding is not before:
                return
            entry.holding = now
            if entry not in entry.shelf.entries:
                return
            more = size_of(entry.fresh, now.representations) - entry.size
            entry.size += more
            entry.shelf.bytes += more
            self._bytes += more
            self._make_room()

    def most_used(self, most: int) -> list[Entry]:
        """Since they were asked for here the last time, the most used first."""
        with self._lock:
            entries = [entry for shelf in self._shelves.values() for entry in shelf.entries]
            hits = {entry: entry.hits for entry in entries}
            for entry in entries:
                entry.hits, entry.spared = entry.hits // 2, entry.spared // 2
        return nlargest(most, (e for e in entries if hits[e]), key=lambda each: hits[each])

    def room(self) -> Room:
        with self._lock:
            routes = {route: shelf.bytes for route, shelf in self._shelves.items()}
            return Room(self._bytes, self._entries, self._evicted, routes)

    def _make_room(self) -> None:
        """The route that has most gives up what was not used for longest, about."""
        absent = self._shelves.get(ABSENT)
        while absent and absent.entries and absent.bytes > self.capacity // ABSENT_SHARE:
            self._evict(absent)
        while self._bytes > self.capacity:
            self._evict(max(self._filled(), key=lambda shelf: shelf.bytes))

    def _filled(self) -> Iterable[Shelf]:
        return (shelf for shelf in self._shelves.values() if shelf.entries)

    def _evict(self, shelf: Shelf) -> None:
        self._remove(next_out(shelf.entries, Entry.spare))
        self._evicted += 1

    def _remove(self, entry: Entry) -> None:
        shelf, fresh = entry.shelf, entry.fresh
        if entry not in shelf.entries:
            return
        del shelf.entries[entry]
        shelf.bytes -= entry.size
        self._bytes -= entry.size
        self._entries -= 1
        spot = self.spots.get(fresh.path)
        if spot and spot.variants.get(fresh.values) is entry:
            del spot.variants[fresh.values]
            self.plain.pop(fresh.path, None)
            if not spot.variants:
                del self.spots[fresh.path]
        if not shelf.entries:
            self._shelves.pop(shelf.route, None)
