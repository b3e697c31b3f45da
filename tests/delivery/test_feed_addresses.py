"""Where themes list terms and have their feeds, as it follows from their manifests."""

from typing import cast

from apps.delivery.feeds import ATOM, JSON, RSS, Feeds
from apps.delivery.terms import Terms
from apps.extensions.manifests import ThemeManifest, parse_manifest
from apps.extensions.registry import MountedTheme, Registry
from apps.runtime.pool import WorkerPool
from tests.sites import ROOT

LISTS = """id = "own"
version = "1.0"
requires = ">=1"
[[routes]]
name = "any"
path = "/by/{kind}/{name}/"
template = "a.html"
query = { "terms.{kind}" = "{name}" }
[[routes]]
name = "tag"
path = "/t/{name}/"
template = "a.html"
query = { tags = "{name}" }
[[routes]]
name = "two"
path = "/x/{name}/{other}/"
template = "a.html"
query = { colours = "{name}" }
[[routes]]
name = "news"
path = "/news.json"
template = "a.json"
content_type = "application/feed+json"
query = { tags = "news" }
[[routes]]
name = "part"
path = "/{path}/feed.xml"
template = "a.xml"
content_type = "application/rss+xml"
query = { section = "{path}" }
"""


NO_WORKER = cast(WorkerPool, None)
"""Nobody is asked for a page here."""


def mounted(mount: str, name: str, text: str) -> MountedTheme:
    manifest = parse_manifest("theme", name, text)
    assert isinstance(manifest, ThemeManifest), manifest
    return MountedTheme(
        id=name,
        mount=mount,
        manifest=manifest,
        accept=manifest.rules,
        settings={},
        templates=frozenset(),
        assets={},
        identity="",
        pool=NO_WORKER,
    )


def registry(*themes: MountedTheme) -> Registry:
    return Registry(themes=themes, plugins=())


FEED = mounted("/feed/", "feed", (ROOT / "themes/feed/theme.toml").read_text())
OWN = mounted("/", "own", LISTS)


def test_a_term_leads_to_the_route_of_its_taxonomy_or_to_that_of_any() -> None:
    terms = Terms(registry(FEED, OWN))
    assert terms.url("tags", "red") == "/t/red/"
    assert terms.url("colours", "red") == "/by/colours/red/"
    assert Terms(registry(FEED)).url("tags", "red") is None, "a feed is no page for people"


def test_feeds_are_known_by_what_they_are_of() -> None:
    feeds = Feeds(registry(FEED, OWN))
    assert feeds.of_site() == [
        (ATOM, "/feed/"),
        (RSS, "/feed/rss.xml"),
        (JSON, "/feed/feed.json"),
        (JSON, "/news.json"),
    ]
    assert feeds.of_section("a/ö") == [
        (ATOM, "/feed/a/%C3%B6/"),
        (RSS, "/feed/a/%C3%B6/rss.xml"),
        (RSS, "/a/%C3%B6/feed.xml"),
        (JSON, "/feed/a/%C3%B6/feed.json"),
    ]
    assert feeds.of_term("tags", "red")[0] == (ATOM, "/feed/tags/red/")


def test_names_of_other_systems_lead_to_what_could_be_meant() -> None:
    feeds = Feeds(registry(FEED))
    assert feeds.habitual("/index.xml") == ["/feed/rss.xml"]
    assert feeds.habitual("/tags/red/atom.xml") == ["/feed/tags/red/"] * 2
    assert feeds.habitual("/a/b/c/feed/") == ["/feed/a/b/c/rss.xml"]
    assert feeds.habitual("/feed/") == ["/feed/rss.xml"]
    for path in ("/", "/index.html", "/posts/", "/index.xml/more"):
        assert feeds.habitual(path) == []
    assert Feeds(registry(OWN)).habitual("/atom.xml") == []
