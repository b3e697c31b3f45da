"""What is scheduled appears and what expires disappears at the very second, cached or not."""

import pytest

from apps.content.catalogue import catalogue
from apps.delivery.trying.addresses import addresses
from tests.delivery.caching.pairs import Pair
from tests.sites import CONFIG, Site, SiteRepository

COMES, ENDS = "2030-06-01T12:00:00Z", "2031-06-01T12:00:00Z"
COMES_AT, ENDS_AT = 1_906_545_600.0, 1_938_081_600.0
FILES = {
    "config.toml": CONFIG,
    "content/one.md": "---\ntitle: One\ndate: 2020-01-01\n---\nSee [two](news/two.md).\n",
    "content/news/two.md": f"---\ntitle: Two\ndate: 2020-01-01\npublish: {COMES}\nexpires: {ENDS}\n"
    "tags: [rare]\naliases: [/second]\n---\nWords.\n",
    "content/trip/index.md": f"---\ntitle: Trip\ndate: 2020-01-01\nexpires: {ENDS}\n---\n",
    "content/trip/map.txt": "a map\n",
}
SHOWING = ("/news/two/", "/news/", "/tags/rare/", "/tags/", "/second")
"""Addresses that have nothing but what is scheduled."""


@pytest.fixture
def pair(repository: SiteRepository, site: Site) -> Pair:
    repository.commit(FILES)
    site.clock = lambda: COMES_AT - 1
    assert site.sync().problems == ()
    return Pair(site)


def status(pair: Pair, path: str) -> int:
    """By the cache where it has it, and afresh: both must agree."""
    first, second = pair.get(path), pair.get(path)
    assert first.status == second.status == pair.site.get(path).status
    return first.status


def test_it_is_there_from_its_second_on_until_its_last(pair: Pair) -> None:
    seen = []
    for now in (COMES_AT - 0.001, COMES_AT, ENDS_AT - 0.001, ENDS_AT):
        pair.site.clock = lambda now=now: now  # type: ignore[misc]
        seen.append([status(pair, path) for path in SHOWING])
    there, gone = [200, 200, 200, 200, 301], [404] * len(SHOWING)
    assert seen == [gone, there, there, gone]


def test_lists_feeds_and_links_follow(pair: Pair) -> None:
    shown = []
    for now in (COMES_AT - 1, COMES_AT, ENDS_AT):
        pair.site.clock = lambda now=now: now  # type: ignore[misc]
        for path in ("/", "/feed/", "/one/"):
            kept, afresh = pair.get(path).text, pair.site.text(path)
            assert pair.hits(path)
            assert ("/news/two/" in kept) is ("/news/two/" in afresh)
            shown.append("/news/two/" in kept)
    assert shown == [False] * 3 + [True] * 3 + [False] * 3


def test_files_beside_a_document_go_with_it(pair: Pair) -> None:
    assert status(pair, "/trip/map.txt") == 200
    pair.site.clock = lambda: ENDS_AT
    assert status(pair, "/trip/map.txt") == 404


def test_the_site_is_as_new_as_the_last_of_these_moments(pair: Pair) -> None:
    pair.site.clock = lambda: ENDS_AT + 5
    assert pair.get("/one/").header("last-modified") == "Sun, 01 Jun 2031 12:00:00 GMT"


def test_a_rehearsal_visits_what_is_there_then(pair: Pair) -> None:
    registry = pair.site.live.current().registry
    known = addresses(catalogue(pair.site.files, COMES), registry)
    before = addresses(catalogue(pair.site.files, "2030-01-01T00:00:00Z"), registry)
    after = addresses(catalogue(pair.site.files, ENDS), registry)
    assert {"/news/two/", "/news/", "/tags/rare/"} <= set(known)
    assert not {"/news/two/", "/news/", "/tags/rare/"} & {*before, *after}


def test_a_moment_that_nobody_can_read_hides_the_document(
    repository: SiteRepository, site: Site, pair: Pair
) -> None:
    repository.commit(
        {
            "content/a.md": "---\ntitle: A\npublish: soon\n---\n",
            "content/b.md": "---\ntitle: B\nexpires: [never]\n---\n",
        }
    )
    found = site.sync().problems
    assert [(p.path, p.line, p.code) for p in found] == [
        ("content/a.md", 3, "document.publish"),
        ("content/b.md", 3, "document.expires"),
    ]
    assert [site.get(path).status for path in ("/a/", "/b/")] == [404, 404]
