"""A whole site by the bundled theme: menus, sections, neighbours, terms and archives lead on."""

import re

import pytest

from tests.sites import Site, SiteRepository

CONFIG = """
[whispercms]
title = "A test site"
taxonomies = ["tags", "subjects"]

[[whispercms.menus.main]]
title = "Code"
url = "https://example.org/code"
weight = 90
[[whispercms.menus.main]]
title = "Posts"
name = "posts"
url = "/posts/"
"""


def post(title: str, *more: str) -> str:
    return "\n".join(["---", f"title: {title}", *more, "---", "Text.", ""])


FILES = {
    "config.toml": CONFIG,
    "content/about.md": post("About", "menus: {main: {parent: posts}}", "date: 2019-01-01"),
    "content/posts/_index.md": post("Posts"),
    "content/posts/old.md": post("Old", "date: 2020-01-01", "tags: [a, b]"),
    "content/posts/mid.md": post("Mid", "date: 2021-01-01", "tags: [a, b]", "subjects: Stars"),
    "content/posts/new.md": post("New", "date: 2022-01-01", "tags: [a]"),
    "content/posts/first.md": post("First", "date: 2018-01-01", "weight: 1"),
    "content/posts/pinned.md": post("Pinned one", "date: 2017-01-01", "sticky: true"),
    "content/posts/far/away/x.md": post("X", "date: 2020-05-05"),
}


@pytest.fixture
def served(repository: SiteRepository, site: Site) -> Site:
    repository.commit(FILES)
    assert site.sync().problems == ()
    return site


def text(site: Site, path: str) -> str:
    reply = site.get(path)
    assert reply.status == 200, path
    return site.text(path).replace("&#x2f;", "/")


def entries(page: str) -> list[str]:
    return re.findall(r'entry-title"><a[^>]*href="([^"]+)"', page)


def test_everything_leads_on(served: Site) -> None:
    section = text(served, "/posts/")
    assert entries(section) == [
        *("/posts/pinned/", "/posts/first/", "/posts/new/", "/posts/mid/", "/posts/old/")
    ]
    assert ">Pinned<" in section
    assert re.search(r'href="/posts/far/">Far</a> <span class="count">1<', section)
    front = text(served, "/")
    assert entries(front)[:2] == ["/posts/pinned/", "/posts/new/"], "weights are of sections"

    page = text(served, "/posts/mid/")
    assert re.search(r'rel="prev"[^>]*href="/posts/new/"><small>Newer', page)
    assert re.search(r'rel="next"[^>]*href="/posts/old/"><small>Older', page)
    assert entries(page) == ["/posts/old/", "/posts/new/"], "related: what shares most"
    assert 'rel="next"' not in text(served, "/about/"), "the front page is no section"

    deep = text(served, "/posts/far/away/x/")
    crumbs = re.search(r'<nav class="path".*?</nav>', deep, re.S)
    assert crumbs
    assert re.findall(r'href="([^"]+)">([^<]+)', crumbs[0]) == [
        *(("/posts/", "Posts"), ("/posts/far/", "Far"), ("/posts/far/away/", "Away"))
    ]
    assert entries(text(served, "/posts/far/away/")) == ["/posts/far/away/x/"]

    menu = re.search(r'<nav class="sections".*?</nav>', front, re.S)
    assert menu and re.findall(r'href="([^"]+)"', menu[0]) == [
        *("https://example.org/code", "/posts/")
    ]
    below = re.search(r'<nav class="index".*?</nav>', front, re.S)
    assert below and 'href="/about/"' in below[0]


def test_every_taxonomy_has_its_pages(served: Site) -> None:
    tags = text(served, "/tags/")
    assert re.findall(r'rel="tag" href="([^"]+)">[^<]*</a> <span class="count">(\d)', tags) == [
        *(("/tags/a/", "3"), ("/tags/b/", "2"))
    ]
    assert entries(text(served, "/subjects/stars/")) == ["/posts/mid/"]
    assert ">Subjects</h1>" in text(served, "/subjects/")
    assert [served.get(path).status for path in ("/nothing/", "/nothing/a/")] == [404, 404]


def test_the_archive_has_all_by_year(served: Site) -> None:
    page = text(served, "/archive/")
    years = [str(year) for year in range(2022, 2016, -1)]
    assert re.findall(r"<h2>(\d{4})</h2>", page) == years
    assert len(entries(page)) == 7


def test_what_stands_around_a_page_follows_its_neighbours(
    repository: SiteRepository, served: Site
) -> None:
    assert "New</a>" in text(served, "/posts/mid/")
    repository.commit({"content/posts/new.md": post("Newer still", "date: 2022-01-01")})
    served.sync()
    assert "Newer still</a>" in text(served, "/posts/mid/")
