import gc
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.caching.entries import Entry, Fresh, Holding
from apps.delivery.caching.store import ABSENT, ABSENT_SHARE, ENTRY_SHARE, VARIANTS, Store
from apps.delivery.facts import Fact
from apps.delivery.http.making import represent
from apps.delivery.http.representation import Representations
from apps.delivery.replies import page

KB = 1024
CAPACITY = 1024 * KB


def fresh(path: str, kilobytes: int = 4, route: str = "own/page", language: str = "") -> Fresh:
    return Fresh(
        path=path,
        route=route,
        names=("accept-language",) if language else (),
        values=(language,) if language else (),
        facts=(),
        made_by="",
        token=None,
        quarantined=frozenset(),
        representations=represent(page(200, b"x" * kilobytes * KB)),
        keeps=True,
    )


def found(store: Store, path: str, *values: str) -> Entry | None:
    spot = store.spots.get(path)
    return spot.variants.get(values) if spot else None


def is_whole(store: Store) -> bool:
    """What it counts is what there is."""
    entries = [entry for spot in store.spots.values() for entry in spot.variants.values()]
    room = store.room()
    sums = (sum(entry.size for entry in entries), len(entries), sum(room.routes.values()))
    return sums == (room.bytes, room.entries, room.bytes) and room.bytes <= store.capacity


def test_what_was_put_is_found_by_its_address() -> None:
    store = Store(CAPACITY)
    entry = store.put(fresh("/a/"))
    assert found(store, "/a/") is entry and found(store, "/b/") is None


def test_the_least_recently_used_goes_first() -> None:
    store = Store(CAPACITY)
    first, second = store.put(fresh("/1/", 12)), store.put(fresh("/2/", 12))
    first.hits += 1
    for n in range(3, 200):
        if not store.room().evicted:
            store.put(fresh(f"/{n}/", 12))
    assert found(store, "/1/") is first and found(store, "/2/") is None
    second.hits += 1
    assert is_whole(store)


def test_what_it_counts_is_about_what_it_takes() -> None:
    """As the adapters leave it, which write the headers as octets once."""
    many, store = 50, Store(CAPACITY)
    facts = tuple(Fact("link", f"content/{n}.md", f"{n:032x}") for n in range(10))
    store.put(replace(fresh("/0/", 4), facts=facts))
    before, counted = measured(), store.room().bytes
    for n in range(1, many):
        found = tuple(Fact("link", f"content/{n}/{fact.asked}", f"{n}" * 8) for fact in facts)
        entry = store.put(replace(fresh(f"/{n}/", 4), facts=found))
        entry.holding.representations.whole.reply.lines()
        entry.holding.representations.whole.unchanged.lines()
    taken = measured() - before
    tracemalloc.stop()
    assert store.room().entries == many
    assert taken < 1.25 * (store.room().bytes - counted)


def measured() -> int:
    if not tracemalloc.is_tracing():
        tracemalloc.start()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_a_flood_of_one_route_drives_out_nobody_who_has_less() -> None:
    store = Store(CAPACITY)
    quiet = [store.put(fresh(f"/quiet/{n}/", route="own/quiet")) for n in range(5)]
    for n in range(300):
        store.put(fresh(f"/loud/{n}/", route="own/loud"))
    assert all(found(store, entry.fresh.path) is entry for entry in quiet)
    assert store.room().evicted > 0 and is_whole(store)


def test_addresses_that_are_not_there_get_a_small_part() -> None:
    store = Store(CAPACITY)
    for n in range(300):
        store.put(fresh(f"/{n}/", 1, route=ABSENT))
    room = store.room()
    assert 0 < room.routes[ABSENT] <= CAPACITY // ABSENT_SHARE
    assert is_whole(store)


@pytest.mark.parametrize(("less", "is_kept"), [(0, True), (-1, False)])
def test_what_is_too_large_is_not_kept(less: int, is_kept: bool) -> None:
    size = Store(CAPACITY).put(fresh("/a/", 8)).size
    store = Store(size * ENTRY_SHARE + less)
    entry = store.put(fresh("/a/", 8))
    assert (found(store, "/a/") is entry) is is_kept
    assert entry.fresh.path == "/a/" and is_whole(store)


def test_one_address_has_so_many_variants_and_the_least_asked_for_gives_way() -> None:
    store = Store(64 * CAPACITY)
    entries = [store.put(fresh("/a/", 1, language=f"x{n}")) for n in range(VARIANTS)]
    for entry in entries[1:]:
        entry.hits += 1
    store.put(fresh("/a/", 1, language="one-more"))
    assert found(store, "/a/", "x0") is None
    assert found(store, "/a/", "one-more") and found(store, "/a/", "x1")
    assert store.room().entries == VARIANTS and is_whole(store)


def test_an_address_whose_page_reads_other_headers_begins_anew() -> None:
    store = Store(CAPACITY)
    store.put(fresh("/a/", language="de"))
    store.put(fresh("/a/"))
    assert found(store, "/a/", "de") is None and found(store, "/a/")
    assert store.room().entries == 1 and is_whole(store)


def test_what_is_put_again_takes_the_place_of_what_was_there() -> None:
    store = Store(CAPACITY)
    store.put(fresh("/a/", 1))
    second = store.put(fresh("/a/", 2, route="own/other"))
    assert found(store, "/a/") is second and is_whole(store)
    store.remove(second)
    store.remove(second)
    assert store.room().entries == store.room().bytes == 0


def test_who_was_slower_changes_nothing() -> None:
    store = Store(CAPACITY)
    entry = store.put(fresh("/a/", 1))
    before = entry.holding
    now = Holding(object(), frozenset(), represent(page(200, b"x" * 3 * KB)))
    store.hold(entry, now, before)
    store.hold(entry, Holding(object(), frozenset(), before.representations), before)
    assert entry.holding is now and is_whole(store)


def test_the_most_used_are_those_of_late() -> None:
    store = Store(CAPACITY)
    entries = [store.put(fresh(f"/{n}/", 1)) for n in range(4)]
    for times, entry in enumerate(entries):
        for _ in range(times * 4):
            entry.hits += 1
    assert store.most_used(2) == [entries[3], entries[2]]
    for _ in range(20):
        entries[1].hits += 1
    assert store.most_used(9) == [entries[1], entries[3], entries[2]]
    for _ in range(6):
        store.most_used(0)
    assert store.most_used(9) == []


STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 20), st.sampled_from(("a", "b", ABSENT))),
    max_size=60,
)


@given(STEPS)
def test_whatever_comes_it_stays_within_its_bounds(
    steps: list[tuple[int, int, str]],
) -> None:
    store = Store(CAPACITY // 4)
    for number, kilobytes, route in steps:
        entry = store.put(fresh(f"/{number}/", kilobytes % 5, route, language="de" * (number % 2)))
        entry.hits += 1
        if kilobytes == 7:
            store.remove(entry)
        if kilobytes == 9:
            larger = represent(page(200, b"y" * 3 * KB))
            store.hold(entry, replace_in(entry, larger), entry.holding)
        assert is_whole(store)


def replace_in(entry: Entry, representations: Representations) -> Holding:
    return entry.holding._replace(representations=representations)
