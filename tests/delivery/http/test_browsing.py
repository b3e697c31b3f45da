"""What those see who keep pages of ours, while the site goes on: never anything but the site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.http.sending import Sending
from apps.runtime.workers import Workers
from tests.delivery.adapters import Ask, Got, through_wsgi
from tests.delivery.cases import LINKING
from tests.delivery.http.browsing import Cache
from tests.delivery.http.places import FILES, PLACES
from tests.sites import Site, SiteRepository

CACHE_BYTES = 8 * 1024 * 1024
SECONDS, DAY = 60, 86_400.0
SHOWN, BEFORE = "2030-03-18", 1_900_000_000.0
LONGER = "---\ntitle: One\naliases: [/old/name]\n---\n" + "Words of a text. " * 99
CHANGES: list[dict[str, str | bytes | None]] = [
    {},
    {"content/one.md": LONGER},
    {"content/one.md": FILES["content/one.md"]},
    {"content/posts/zz.md": "---\ntitle: Newest\n---\nText.\n"},
    {"media/style.css": "a {}\n", "media/dot.png": b"\x89PNG"},
    {"plugins/linking/main.lua": LINKING.replace("/two/", "/three/")},
    {"plugins/linking/main.lua": 'on("content.resolved", function() end)\n'},
    {"content/one.md": None},
    {"content/nowhere.md": "---\ntitle: Here\n---\nText.\n", "content/one.md": LONGER},
    {"content/nowhere.md": None, "media/style.css": FILES["media/style.css"]},
]
"""Each is the next commit; some take back what one before did."""
PATHS = (*PLACES.values(), "/nowhere/", "/one", "/old/name/", "/")
CODINGS = (None, "gzip", "br, gzip;q=0.5", "identity")


@pytest.fixture
def repository(tmp_path: Path) -> SiteRepository:
    made = SiteRepository(tmp_path / "remote.git")
    made.commit(FILES)
    return made


@pytest.fixture
def site(
    repository: SiteRepository, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Site]:
    made = Site(repository, tmp_path / "node", workers, renderer)
    made.sync()
    yield made
    made.stop()


def asks() -> list[Ask]:
    codings = [(("accept-encoding", coding),) if coding else () for coding in CODINGS]
    return [Ask(path, headers=headers) for path in PATHS for headers in codings]


def said(got: Got) -> object:
    """But for the date of the commit, which a browser need not have taken over."""
    status, headers, body = got.comparable()
    return status, {k: v for k, v in headers.items() if k != "last-modified"}, body


@pytest.mark.long
def test_browsers_never_show_what_is_not_the_site(repository: SiteRepository, site: Site) -> None:
    front = Front(site.live, cache=ResponseCache(CACHE_BYTES))
    afresh = Front(site.live)
    browsers = [
        Cache(lambda ask: through_wsgi(front, ask)),
        Cache(lambda ask: through_wsgi(front, ask), by_date=True),
        Cache(lambda ask: through_wsgi(front, ask), is_shared=True),
    ]
    for change in CHANGES:
        if change:
            repository.commit(change)
            site.sync()
        for ask in asks():
            now = said(through_wsgi(afresh, ask))
            assert [said(browser.get(ask)) for browser in browsers] == [now] * 3, (ask, change)
    for browser in browsers:
        assert browser.answered_304
    assert browsers[0].answered_304 > browsers[1].answered_304
    assert browsers[0].asked < len(CHANGES) * len(asks()), "nothing was kept for ever"


def test_a_browser_that_goes_by_dates_sees_what_a_moment_shows(
    repository: SiteRepository, site: Site
) -> None:
    """The commit is the same then, and so is its own date."""
    repository.commit({"content/posts/soon.md": f"---\ntitle: Soon\ndate: {SHOWN}\n---\nText.\n"})
    site.sync()
    now = BEFORE
    site.clock = lambda: now
    front = Front(site.live, cache=ResponseCache(CACHE_BYTES))
    browser = Cache(lambda ask: through_wsgi(front, ask), by_date=True)
    assert b"Soon" not in browser.get(Ask("/posts/")).body
    now += DAY
    assert b"Soon" in browser.get(Ask("/posts/")).body
    assert b"Soon" in browser.get(Ask("/posts/")).body
    assert (browser.asked, browser.answered_304) == (3, 1)


def test_a_content_network_asks_seldom_and_is_right_once_it_is_told_to_forget(
    repository: SiteRepository, site: Site
) -> None:
    sending = Sending(shared_seconds=SECONDS)
    front = Front(site.live, cache=ResponseCache(CACHE_BYTES), sending=sending)
    network = Cache(lambda ask: through_wsgi(front, ask), is_shared=True)
    browser = Cache(network.get)
    ask = Ask("/one/")
    before = browser.get(ask)
    for _ in range(5):
        assert browser.get(ask).body == before.body
    assert network.asked == 1
    assert browser.asked == 6
    repository.commit({"content/one.md": LONGER})
    site.sync()
    assert browser.get(ask).body == before.body
    network.purge()
    assert b"Words of a text." in browser.get(ask).body
    network.now += SECONDS
    browser.get(ask)
    assert (network.asked, network.answered_304) == (3, 1)
