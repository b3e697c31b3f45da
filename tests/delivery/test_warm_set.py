"""What is asked for most is made again before anybody asks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from apps.delivery import warm_set
from apps.delivery.caching.entries import Entry, Fresh
from apps.delivery.front import Front
from apps.delivery.requests import PageRequest
from apps.delivery.served import Served
from apps.delivery.warm_set import WarmSet
from tests.delivery.caching.pairs import Pair
from tests.delivery.extending import PAGES, config, lock, plugin, theme
from tests.delivery.unhurried import unhurried
from tests.sites import Site, SiteRepository

SHOWN, BEFORE, AFTER = "2031-01-01", 1_900_000_000.0, 1_950_000_000.0
LONG = "---\ntitle: One\n---\n" + "words " * 400
HEADER = "read:request.header:accept-language"
SAYS = 'propose.metadata("language", event.request.headers["accept-language"] or "none")'
SECONDS = 60.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On a busy machine all of this takes longer."""
    monkeypatch.setattr(warm_set, "SECONDS", 60.0)
    with unhurried():
        yield


@pytest.fixture
def pair(repository: SiteRepository, site: Site) -> Pair:
    repository.commit({**PAGES, "content/one.md": LONG, "config.toml": config()})
    site.clock = lambda: BEFORE
    assert site.sync().problems == ()
    return Pair(site)


@pytest.fixture
def warm(site: Site, pair: Pair) -> WarmSet:
    return WarmSet(site.live, pair.kept)


def ask(pair: Pair, path: str, times: int) -> None:
    for _ in range(times):
        pair.get(path)


def edited(repository: SiteRepository, site: Site) -> None:
    repository.commit({"content/one.md": LONG + "and more"})
    site.sync()


def test_after_a_sync_the_next_visitor_is_answered_from_memory(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    pair.get("/one/", accept_encoding="br")
    pair.get("/one/", accept_encoding="gzip")
    ask(pair, "/two/", 2)
    edited(repository, site)
    assert not pair.hits("/one/") and not pair.hits("/two/")
    assert warm.renew(Event()) == 2
    assert pair.hits("/one/", accept_encoding="br") and pair.hits("/one/", accept_encoding="gzip")
    assert pair.hits("/two/")
    assert "and more" in pair.get("/one/").text


def test_what_nobody_asked_for_again_is_left(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    ask(pair, "/one/", 3)
    for _ in range(8):
        pair.cache.store.most_used(0)
    edited(repository, site)
    assert warm.renew(Event()) == 0


def test_it_looks_once_at_each_version(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    ask(pair, "/one/", 8)
    assert warm.renew(Event()) == 0
    edited(repository, site)
    assert warm.renew(Event()) == 1
    assert warm.renew(Event()) == 0


def test_a_moment_that_shows_more_is_a_version(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    repository.commit({"content/later.md": f"---\ntitle: Later\ndate: {SHOWN}\n---\n"})
    site.sync()
    warm.renew(Event())
    ask(pair, "/later/", 2)
    site.clock = lambda: AFTER
    assert warm.renew(Event()) == 1
    assert pair.hits("/later/") and "Later" in pair.get("/later/").text


def test_each_variant_is_made_for_those_who_asked_for_it(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    repository.commit(
        {
            "config.toml": config("says", themes={"/": "own"}),
            **theme("own", accept="metadata = true"),
            **plugin("says", SAYS, HEADER, "propose:metadata"),
            **lock(says=(HEADER, "propose:metadata")),
        }
    )
    assert site.sync().problems == ()
    warm.renew(Event())
    pair.get("/one/", accept_language="de")
    pair.get("/one/")
    edited(repository, site)
    assert warm.renew(Event()) == 2
    assert pair.hits("/one/", accept_language="de") and pair.hits("/one/")
    assert ">de<" in pair.get("/one/", accept_language="de").text


def test_the_most_wanted_come_first_and_are_so_many(
    repository: SiteRepository,
    site: Site,
    pair: Pair,
    warm: WarmSet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warm_set, "MOST", 1)
    ask(pair, "/two/", 2)
    ask(pair, "/one/", 9)
    edited(repository, site)
    assert warm.renew(Event()) == 1
    assert pair.hits("/one/") and not pair.hits("/two/")


def test_what_was_made_again_is_as_wanted_as_it_was(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    ask(pair, "/one/", 40)
    for number in range(3):
        repository.commit({"content/one.md": f"{LONG} {number}"})
        site.sync()
        assert warm.renew(Event()) == 1


@pytest.mark.parametrize("why", ["ended", "late"])
def test_it_ends_when_it_has_to(
    repository: SiteRepository,
    site: Site,
    pair: Pair,
    warm: WarmSet,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
) -> None:
    ask(pair, "/one/", 2)
    edited(repository, site)
    ended = Event()
    if why == "ended":
        ended.set()
    else:
        monkeypatch.setattr(warm_set, "SECONDS", 0.0)
    assert warm.renew(ended) == 0
    assert not pair.hits("/one/")


def test_it_goes_no_further_once_the_site_is_another(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    class Interrupted(Front):
        """After the first one somebody syncs."""

        def warm(self, request: PageRequest) -> None:
            pair.kept.warm(request)
            edited(repository, site)

        def fallen(self, served: Served, most: int) -> list[Entry]:
            return pair.kept.fallen(served, most)

    warm = WarmSet(site.live, Interrupted(site.live))
    ask(pair, "/one/", 3)
    ask(pair, "/two/", 2)
    repository.commit({"content/three.md": "# Three\n"})
    site.sync()
    assert warm.renew(Event()) == 1


def test_visitors_who_wait_come_first(
    repository: SiteRepository, site: Site, pair: Pair, warm: WarmSet
) -> None:
    ask(pair, "/two/", 3)
    edited(repository, site)
    begun, may_end = Event(), Event()
    served, request = site.live.current(), PageRequest("GET", "/slow/", "", (), "id")

    def slow() -> Fresh:
        begun.set()
        assert may_end.wait(SECONDS)
        raise InterruptedError

    with ThreadPoolExecutor(2) as threads:
        visitor = threads.submit(pair.cache.obtain, request, served, slow)
        assert begun.wait(SECONDS)
        warming = threads.submit(warm.renew, Event())
        assert pair.kept.is_busy and not pair.hits("/two/")
        may_end.set()
        assert warming.result(SECONDS) == 1
        with pytest.raises(InterruptedError):
            visitor.result(SECONDS)
    assert pair.hits("/two/") and not pair.kept.is_busy


def test_without_a_cache_nothing_is_made(repository: SiteRepository, site: Site) -> None:
    repository.commit({**PAGES, "config.toml": config()})
    site.sync()
    front = Front(site.live)
    warm = WarmSet(site.live, front)
    edited(repository, site)
    assert warm.renew(Event()) == 0 and not front.is_busy
