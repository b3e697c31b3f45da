"""What is kept and what is not, in a site with real workers."""

import pytest

from apps.extensions.containment.breaker import Cause
from tests.delivery.caching.pairs import Pair, Visit
from tests.delivery.extending import PAGES, config, lock, plugin, theme
from tests.sites import Site, SiteRepository

HEADER = "read:request.header:accept-language"
SAYS = """
local wanted = event.request.headers["accept-language"] or "none"
propose.metadata("language", wanted)
"""
FUTURE = "2031-01-01T00:00:00Z"
BEFORE, AFTER = 1_900_000_000.0, 1_950_000_000.0
FILES = {
    **PAGES,
    "config.toml": config(themes={"/": "own"}),
    **theme("own"),
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\nSee [one](../one.md).\n",
    "content/moved.md": "---\ntitle: Moved\naliases: [/old]\n---\nText.\n",
    "media/a.txt": "a file\n",
}


@pytest.fixture
def pair(repository: SiteRepository, site: Site) -> Pair:
    repository.commit(FILES)
    site.clock = lambda: BEFORE
    assert site.sync().problems == ()
    return Pair(site)


@pytest.mark.parametrize(
    "path", ["/one/", "/posts/", "/one", "/old", "/media/a.txt", "/nowhere/", "/old/"]
)
def test_the_second_visitor_is_answered_from_memory(pair: Pair, path: str) -> None:
    assert not pair.hits(path)
    first = pair.get(path)
    assert pair.hits(path) and pair.hits(path, method="HEAD")
    assert pair.get(path) == first


def test_however_an_address_is_spelled_it_is_kept_once(pair: Pair) -> None:
    pair.get("/%6fne/")
    assert pair.hits("/one/") and pair.hits("/on%65/")
    assert pair.cache.room().entries == 1


def test_a_query_that_nobody_reads_makes_no_entry_of_its_own(pair: Pair) -> None:
    pair.get("/one/", query="utm=1")
    assert pair.hits("/one/") and pair.hits("/one/", query="utm=2")
    assert not pair.hits("/one/", query="utm=\x01")


def test_a_redirect_that_carries_the_query_is_for_who_sent_it(pair: Pair) -> None:
    assert pair.get("/one", query="a=1").header("location") == "/one/?a=1"
    assert pair.get("/one").header("location") == "/one/"
    assert pair.hits("/one")
    assert pair.get("/one", query="a=2").header("location") == "/one/?a=2"


def test_headers_that_nobody_reads_make_no_entry_of_their_own(pair: Pair) -> None:
    pair.get("/one/", accept_language="de", cookie="a=1")
    assert pair.hits("/one/", accept_language="fr")


def test_of_headers_that_are_read_each_value_has_its_own(
    repository: SiteRepository, site: Site, pair: Pair
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
    assert ">de<" in pair.get("/one/", accept_language="de").text
    assert pair.hits("/one/", accept_language="de")
    assert not pair.hits("/one/", accept_language="fr") and not pair.hits("/one/")
    assert ">none<" in pair.get("/one/").text
    assert pair.get("/one/").header("vary") == "accept-language"
    pair.get("/media/a.txt")
    assert pair.hits("/media/a.txt", accept_language="fr"), "nobody read the header for a file"


def test_after_a_sync_only_what_it_touched_is_made_again(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    for path in ("/one/", "/two/", "/nowhere/"):
        pair.get(path)
    kept = {path: pair.cache.store.spots[path].variants[()] for path in ("/two/", "/nowhere/")}
    repository.commit({"content/one.md": "---\ntitle: One\n---\nNew words.\n"})
    site.sync()
    assert not pair.hits("/one/") and not pair.hits("/two/"), "nothing holds until it was asked"
    assert "New words" in pair.get("/one/").text
    for path in ("/two/", "/nowhere/"):
        assert pair.get(path) == pair.ask_afresh(Visit(path)), "the site was changed since"
    assert {p: pair.cache.store.spots[p].variants[()] for p in kept} == kept


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/one/", {"content/one.md": None}),
        ("/nowhere/", {"content/nowhere.md": "# Here\n"}),
        ("/posts/", {"content/posts/b.md": "---\ntitle: B\ndate: 2021-01-01\n---\n"}),
        ("/posts/a/", {"content/one.md": None, "content/sub/one.md": None}),
        ("/old", {"content/moved.md": "---\ntitle: Moved\n---\nText.\n"}),
        ("/media/a.txt", {"media/a.txt": "another\n"}),
        ("/one/", theme("own", document_html="<p>{{ page.title }}</p>")),
        ("/one/", {"config.toml": config(themes={"/": "plain"})}),
    ],
    ids=["gone", "comes", "list", "link", "alias", "file", "template", "theme"],
)
def test_what_changed_is_seen_at_once(
    repository: SiteRepository,
    site: Site,
    pair: Pair,
    path: str,
    change: dict[str, str | bytes | None],
) -> None:
    before = pair.get(path)
    assert pair.hits(path)
    repository.commit(change)
    assert site.sync().problems == ()
    assert pair.get(path) != before


def test_what_a_moment_shows_is_seen_when_it_comes(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    repository.commit(
        {"content/posts/later.md": f"---\ntitle: Later\ndate: {FUTURE}\n---\nText.\n"}
    )
    site.sync()
    assert pair.get("/posts/later/").status == 404 and "Later" not in pair.get("/posts/").text
    assert pair.hits("/posts/later/") and pair.hits("/posts/")
    site.clock = lambda: AFTER
    assert not pair.hits("/posts/later/")
    assert pair.get("/posts/later/").status == 200 and "Later" in pair.get("/posts/").text


def test_a_page_on_which_an_extension_failed_is_for_one_visitor_alone(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    repository.commit(
        {
            "config.toml": config("fails", themes={"/": "own"}),
            **plugin("fails", 'error("no")', "propose:metadata"),
            **lock(fails=("propose:metadata",)),
        }
    )
    assert site.sync().problems == ()
    assert pair.get("/one/").header("cache-control") == "no-store"
    assert not pair.hits("/one/") and pair.cache.room().entries == 0
    assert pair.get("/media/a.txt").status == 200 and pair.hits("/media/a.txt")


def test_what_a_quarantined_extension_made_is_not_given_to_anybody(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    repository.commit(
        {
            "config.toml": config("greets", themes={"/": "own"}),
            **theme("own", accept="metadata = true"),
            **plugin("greets", 'propose.metadata("greeting", "hello")', "propose:metadata"),
            **lock(greets=("propose:metadata",)),
        }
    )
    assert site.sync().problems == ()
    assert "hello" in pair.get("/one/").text and pair.hits("/one/")
    site.containment.failed("plugin:greets", Cause.ATTACK, "it broke out")
    assert not pair.hits("/one/")
    assert "hello" not in pair.get("/one/").text


def test_a_link_to_what_is_gone_is_seen(repository: SiteRepository, site: Site, pair: Pair) -> None:
    assert 'href="/one/"' in pair.get("/posts/a/").text
    repository.commit({"content/one.md": None})
    site.sync()
    assert 'href="/one/"' not in pair.get("/posts/a/").text
