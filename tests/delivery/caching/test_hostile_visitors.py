"""What a visitor can send changes what that visitor gets, and nobody else, and takes a bounded part
of memory."""

import pytest

from apps.delivery.caching.store import ABSENT, ABSENT_SHARE, VARIANTS
from apps.delivery.requests import PATH_BYTES
from tests.delivery.caching.pairs import Pair, Visit, seen
from tests.delivery.extending import PAGES, config, lock, plugin, theme
from tests.sites import Site, SiteRepository

HEADER = "read:request.header:accept-language"
SAYS = 'propose.metadata("language", event.request.headers["accept-language"] or "none")'
TEXT = "---\ntitle: One\n---\n" + "words " * 400
ROOM = 1024 * 1024
BEFORE, SHOWN, AFTER = 1_900_000_000.0, "2031-01-01", 1_950_000_000.0

UNREAD = [
    ("host", "evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-port", "1"),
    ("x-forwarded-prefix", "/evil"),
    ("forwarded", "host=evil.example;proto=http"),
    ("x-original-url", "/two/"),
    ("x-rewrite-url", "/two/"),
    ("x-http-method-override", "POST"),
    ("accept", "application/json"),
    ("accept-language", "de"),
    ("origin", "https://evil.example"),
    ("referer", "https://evil.example/"),
    ("user-agent", "<script>"),
    ("cookie", "session=1"),
    ("authorization", "Basic eDp5"),
    ("cache-control", "no-cache"),
    ("pragma", "akamai-x-get-cache-key"),
    ("if-modified-since", "Thu, 01 Jan 2037 00:00:00 GMT"),
    ("if-none-match", "*"),
    ("if-match", '"x"'),
    ("range", "bytes=0-0"),
    ("range", "bytes=" + ",".join(f"{n}-{n}" for n in range(2000))),
    ("accept-encoding", "br;q=0, gzip;q=0, identity;q=0, *;q=0"),
    ("accept-encoding", "br, " * 5000),
    ("transfer-encoding", "chunked"),
    ("content-length", "5"),
    ("te", "trailers"),
    ("connection", "etag"),
]


@pytest.fixture
def pair(repository: SiteRepository, site: Site) -> Pair:
    repository.commit({**PAGES, "content/one.md": TEXT, "config.toml": config()})
    site.clock = lambda: BEFORE
    assert site.sync().problems == ()
    return Pair(site, room=ROOM)


@pytest.mark.parametrize("path", ["/one/", "/one", "/nowhere/"])
def test_whoever_comes_first_leaves_the_page_as_it_is(pair: Pair, path: str) -> None:
    clean = pair.ask_afresh(Visit(path))
    for sent in UNREAD:
        anew = Pair(pair.site, room=ROOM)
        for method in ("HEAD", "GET"):
            anew.ask(Visit(path, method, sent=(sent,)))
            assert anew.ask(Visit(path)) == clean, sent
        assert len(anew.cache.store.spots[path].variants) == 1, sent


SPELLED = [
    *("/one/", "/%6Fne/", "/%6f%6e%65/", "/one%2F", "/one/%2e", "/./one/", "/a/../one/", "//one/"),
    *("/%2e%2e/one/", "/one//", "/one/?", "/one/;a=1", "/One/", "/one/%20", "/one/%00", "/one/%0a"),
    *("http://evil.example/one/", "//evil.example/one/", "\\one\\", "one/", "/one/#a", "/one/%ff"),
    *("/one%252f", "/%C0%AFone/", "/one/.", "/one/..", "*", "", "/\u00e9ne/", "/one/%E2%80%AE"),
]


def test_an_address_is_kept_in_one_spelling_and_by_its_own_name(pair: Pair) -> None:
    clean = pair.ask_afresh(Visit("/one/"))
    for quoted in (True, False):
        for path in SPELLED:
            visit = Visit(path, quoted=quoted)
            assert pair.ask(visit) == pair.ask(visit) == pair.ask_afresh(visit)
            assert pair.ask(Visit("/one/")) == clean
    for path in pair.cache.store.spots:
        assert path.startswith("/") and "//" not in path and "/." not in path


@pytest.mark.parametrize("path", ["/%00", "/%ff/", "/a%0ab/", "http://evil.example/", "/a//b"])
def test_an_address_that_cannot_be_read_is_refused_without_a_thread(pair: Pair, path: str) -> None:
    visit = Visit(path)
    answer = pair.kept.quick(visit)
    assert answer is not None and seen(answer) == pair.ask_afresh(visit)
    assert pair.kept.quick(Visit(path, query="\x01")) is not None
    assert pair.cache.room().entries == 0


def test_addresses_that_are_not_there_take_a_small_part_of_the_room(pair: Pair) -> None:
    pair.get("/one/")
    for number in range(120):
        pair.get(f"/{'x' * 3000}{number}/")
    room = pair.cache.room()
    assert 0 < room.routes[ABSENT] <= ROOM // ABSENT_SHARE
    assert pair.hits("/one/")


def test_the_longest_address_counts_with_all_its_bytes(pair: Pair) -> None:
    pair = Pair(pair.site, room=64 * ROOM)
    path = "/" + "x" * (PATH_BYTES - 2) + "/"
    pair.get(path)
    assert pair.cache.room().bytes > PATH_BYTES
    assert pair.get(path + "x").status == 414


def test_queries_make_no_entries_and_no_variants(pair: Pair) -> None:
    for number in range(50):
        for path in ("/one/", "/one", "/nowhere/"):
            pair.get(path, query=f"{number}={number}")
    assert pair.cache.room().entries <= 2


def test_codings_make_no_more_than_there_are(pair: Pair) -> None:
    for number in range(50):
        pair.get("/one/", accept_encoding=f"br;q=0.{number}, gzip, x-{number}")
    (entry,) = pair.cache.store.spots["/one/"].variants.values()
    assert set(entry.holding.representations.coded) <= {"br", "gzip"}


def test_values_of_a_header_that_is_read_are_bounded(
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
    for _ in range(3):
        pair.get("/one/", accept_language="de")
    for number in range(VARIANTS + 8):
        assert f">x{number}<" in pair.get("/one/", accept_language=f"x{number}").text
    assert len(pair.cache.store.spots["/one/"].variants) <= VARIANTS
    assert pair.hits("/one/", accept_language="de"), "whoever is asked for more often stays"


def test_tags_tell_codings_apart_and_each_stands_for_its_bytes_alone(pair: Pair) -> None:
    codings = ("identity", "gzip", "br")
    tags = [pair.get("/one/", accept_encoding=c).header("etag") for c in codings]
    assert len(set(tags)) == len(codings)
    for coding in codings:
        for tag in tags:
            had = pair.get("/one/", accept_encoding=coding, if_none_match=tag or "")
            assert (had.status == 304) is (tags.index(tag) == codings.index(coding))


def test_after_a_rollback_nobody_is_told_that_nothing_changed(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    first = repository.git.resolve("refs/heads/main") or ""
    old = pair.get("/one/")
    repository.commit({"content/one.md": TEXT + "and more"})
    site.sync()
    new = pair.get("/one/")
    assert new.body != old.body
    repository.git.set("refs/heads/main", first)
    site.sync(accept_rewritten=True)
    told = {"if_none_match": new.header("etag") or ""}
    dated = {"if_modified_since": new.header("last-modified") or ""}
    assert pair.get("/one/", **told) == pair.get("/one/", **dated) == pair.get("/one/") == old


def test_every_process_of_a_node_follows_one_index(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    another = site.another_process(lambda: BEFORE)
    beside = Pair(site, live=another)
    for each in (pair, beside):
        each.get("/one/")
    repository.commit({"content/one.md": TEXT + "and more"})
    site.sync()
    for each in (pair, beside):
        assert not each.hits("/one/") and "and more" in each.get("/one/").text
    site.sync(rebuild=True)
    for each in (pair, beside):
        assert "and more" in each.get("/one/").text
    another.stop()


def test_a_clock_that_is_put_back_hides_nothing_until_the_next_commit(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    repository.commit({"content/later.md": f"---\ntitle: Later\ndate: {SHOWN}\n---\n"})
    site.sync()
    assert pair.get("/later/").status == 404
    site.clock = lambda: AFTER
    assert pair.get("/later/").status == 200
    site.clock = lambda: BEFORE
    for path in ("/later/", "/one/", "/"):
        assert pair.get(path) == pair.ask_afresh(Visit(path))
    repository.commit({"content/two.md": "# Two\n"})
    site.sync()
    assert pair.get("/later/").status == 404 == pair.ask_afresh(Visit("/later/")).status
