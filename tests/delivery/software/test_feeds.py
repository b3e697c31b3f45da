"""Feeds of the site, of a section and of a term, as their readers find and read them."""

import json
from collections.abc import Callable

import feedparser

from tests.delivery.software import validators
from tests.delivery.software.sample import CONFIG, FILES
from tests.sites import Site, SiteRepository

FORMS: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "": ("application/atom+xml", validators.atom),
    "rss.xml": ("application/rss+xml", validators.rss),
    "feed.json": ("application/feed+json", validators.jsonfeed),
}
OF = {
    "": ("Field notes", ["B", "A & a", "C", "Secret"]),
    "posts/": ("All posts – Field notes", ["B", "A & a"]),
    "tags/red/": ("Red – Field notes", ["A & a"]),
}
HABITS = {
    "/index.xml": "/feed/rss.xml",
    "/atom.xml": "/feed/",
    "/feed.xml": "/feed/",
    "/rss.xml": "/feed/rss.xml",
    "/feed.json": "/feed/feed.json",
    "/posts/index.xml": "/feed/posts/rss.xml",
    "/posts/feed/": "/feed/posts/rss.xml",
    "/tags/red/index.xml": "/feed/tags/red/rss.xml",
    "/nowhere/index.xml": None,
    "/tags/none/feed.xml": None,
}
SUMMARIES = """
[[whispercms.themes]]
id = "plain"
[[whispercms.themes]]
id = "feed"
mount = "/feed/"
settings = { full_text = false }
"""


def test_every_feed_passes_the_validators_of_its_form(served: Site) -> None:
    for of in OF:
        for file, (type_, wrong) in FORMS.items():
            reply = served.get(f"/feed/{of}{file}")
            assert (reply.status, reply.header("content-type")) == (200, f"{type_}; charset=utf-8")
            assert wrong(served.text(f"/feed/{of}{file}")) == []


def test_a_reader_sees_the_same_entries_in_every_form(served: Site) -> None:
    for of, expected in OF.items():
        for file in ("", "rss.xml"):
            read = feedparser.parse(served.text(f"/feed/{of}{file}"))
            assert (read.feed.title, [entry.title for entry in read.entries]) == expected
        read = json.loads(served.text(f"/feed/{of}feed.json"))
        assert (read["title"], [item["title"] for item in read["items"]]) == expected


def test_whole_texts_have_addresses_that_hold_elsewhere(served: Site) -> None:
    item = next(
        each
        for each in json.loads(served.text("/feed/feed.json"))["items"]
        if each["title"] == "A & a"
    )
    assert item["id"] == item["url"] == "https://example.org/posts/a/"
    body = item["content_html"]
    for address in ("posts/b/#part", "notes/c/", "posts/p.png", "posts/a/#top"):
        assert f'"https://example.org/{address}"' in body
    assert "https://other.example/" in body
    assert '&lt;a href="/x"&gt;a text' in body
    (entry,) = feedparser.parse(served.text("/feed/tags/red/")).entries
    assert entry.content[0].value.startswith("<p>See <a href=")
    assert (entry.author, entry.tags[0].term) == ("Ada", "Red")


def test_what_xml_cannot_hold_is_left_out_of_a_feed(served: Site) -> None:
    assert "\x0c" not in served.text("/feed/") + served.text("/feed/rss.xml")


def test_a_site_may_offer_descriptions_alone(repository: SiteRepository, site: Site) -> None:
    repository.commit({**FILES, "config.toml": CONFIG + SUMMARIES})
    assert site.sync().state == "applied"
    for file, (_, wrong) in FORMS.items():
        text = site.text(f"/feed/{file}")
        assert wrong(text) == []
        assert "One" in text and "Text of c" not in text


def test_the_feed_of_a_site_without_dates_is_there_and_empty(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/_index.md": "Home.\n"})
    site.sync()
    for file, (_, wrong) in FORMS.items():
        assert site.get(f"/feed/{file}").status == 200
        assert wrong(site.text(f"/feed/{file}")) == []
    assert site.get("/feed/nowhere/").status == site.get("/feed/tags/none/").status == 404


def test_readers_who_look_elsewhere_are_led_to_the_feed(served: Site) -> None:
    for asked, leads_to in HABITS.items():
        reply = served.get(asked)
        assert reply.header("location") == leads_to, asked
        assert reply.status == (301 if leads_to else 404), asked


def test_pages_name_their_feeds(served: Site) -> None:
    home, posts, term = (served.text(path) for path in ("/", "/posts/", "/tags/red/"))
    for text, of in ((home, ""), (posts, ""), (posts, "posts/"), (term, "tags/red/")):
        for file, (type_, _) in FORMS.items():
            assert f'rel="alternate" type="{type_}"' in text
            assert f'href="/feed/{of}{file}"' in text


def test_a_site_without_the_theme_has_no_feeds(repository: SiteRepository, site: Site) -> None:
    alone = CONFIG + '[[whispercms.themes]]\nid = "plain"\n'
    repository.commit({**FILES, "config.toml": alone})
    site.sync()
    assert site.get("/index.xml").status == 404
    assert 'rel="alternate"' not in site.text("/posts/")
