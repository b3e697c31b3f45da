"""The map of a site, robots.txt, and what a page says of itself to search engines."""

import json
import re
from typing import Any

from lxml import etree

from tests.delivery.software import validators
from tests.delivery.software.sample import CONFIG, FILES
from tests.sites import Site, SiteRepository

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
BASE = "https://example.org"


def locations(text: str) -> dict[str, str | None]:
    root = etree.fromstring(text.encode(), validators.PARSER)
    return {each[0].text: each[1].text if len(each) > 1 else None for each in root}


def data(page: str) -> dict[str, dict[str, Any]]:
    (text,) = DATA.findall(page)
    read = json.loads(text)
    assert read["@context"] == "https://schema.org"
    return {each["@type"]: each for each in read["@graph"]}


def test_the_map_names_every_page_with_its_date_but_what_is_kept_out(served: Site) -> None:
    reply, text = served.get("/sitemap.xml"), served.text("/sitemap.xml")
    assert reply.header("content-type") == "application/xml; charset=utf-8"
    assert validators.sitemap(text) == []
    assert locations(text) == {
        f"{BASE}/notes/c/": "2026-01-01T00:00:00Z",
        f"{BASE}/posts/": None,
        f"{BASE}/posts/a/": "2026-03-01T00:00:00Z",
        f"{BASE}/posts/b/": "2026-03-05T00:00:00Z",
    }
    assert locations(served.text("/sitemap-1.xml")) == locations(text)
    for path in ("/sitemap-2.xml", "/sitemap-01.xml", "/sitemap-0.xml", "/sitemap-x.xml"):
        assert served.get(path).status == 404


def test_what_is_kept_out_says_so_itself(served: Site) -> None:
    kept_out = '<meta name="robots" content="noindex">'
    assert kept_out in served.text("/secret/")
    assert kept_out not in served.text("/posts/a/")


def test_robots_are_welcome_and_told_of_the_map(served: Site) -> None:
    assert served.get("/robots.txt").header("content-type") == "text/plain; charset=utf-8"
    expected = "User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml"
    assert served.text("/robots.txt").strip() == expected


def test_a_file_of_the_site_comes_first(repository: SiteRepository, site: Site) -> None:
    own = "User-agent: *\nDisallow: /\n"
    repository.commit({**FILES, "static/robots.txt": own, "static/index.xml": "<mine/>"})
    site.sync()
    assert site.text("/robots.txt") == own
    assert site.text("/index.xml") == "<mine/>"


def test_a_site_that_does_not_say_where_it_is_names_no_map(
    repository: SiteRepository, site: Site
) -> None:
    nowhere = "\n".join(line for line in CONFIG.splitlines() if "base_url" not in line)
    repository.commit({**FILES, "config.toml": nowhere})
    site.sync()
    assert "Sitemap" not in site.text("/robots.txt")
    assert DATA.findall(site.text("/posts/a/")) == []


def test_a_page_says_what_it_is(served: Site) -> None:
    page = served.text("/posts/a/")
    post = data(page)["BlogPosting"]
    assert post["headline"] == "A & a"
    assert post["url"] == post["mainEntityOfPage"] == f"{BASE}/posts/a/"
    assert post["datePublished"] == post["dateModified"] == "2026-03-01T00:00:00Z"
    assert post["author"] == [{"@type": "Person", "name": "Ada"}]
    assert (post["description"], post["keywords"]) == ("One <b> & two", "Red")
    trail = data(page)["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in trail] == list(range(1, len(trail) + 1))
    assert trail[-1]["item"] == f"{BASE}/posts/a/"
    assert all(each["name"] and each["item"].startswith(BASE) for each in trail)
    home = data(served.text("/"))
    assert home.keys() == {"WebSite"}
    assert (home["WebSite"]["name"], home["WebSite"]["url"]) == ("Field notes", f"{BASE}/")


def test_a_page_has_cards_and_one_address(served: Site) -> None:
    page = served.text("/posts/a/")
    for expected in (
        '<link rel="canonical" href="https://example.org/posts/a/">',
        '<meta property="og:type" content="article">',
        '<meta name="twitter:card" content="summary">',
        '<meta name="twitter:title" content="A &amp; a">',
    ):
        assert page.count(expected) == 1
