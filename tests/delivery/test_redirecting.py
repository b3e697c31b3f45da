"""Old addresses, redirects of documents and of the configuration, through the whole site."""

import pytest

from tests.sites import CONFIG, Site, SiteRepository

REDIRECTS = """
[whispercms.redirects]
"/was/" = "/one/"
"/chain/a" = "/chain/b"
"/chain/b" = "/old/"
"/away/" = "https://example.org/ä?b=1"
"/file/" = "/media/a.txt"
"/round/a/" = "/round/b/"
"/round/b/" = "/round/a/"
"/two/" = "/one/"
"""
FILES = {
    "config.toml": CONFIG + REDIRECTS,
    "content/one.md": "---\ntitle: One\naliases: [/old]\n---\n",
    "content/two.md": "---\ntitle: Two\n---\n",
    "content/left.md": "---\ntitle: Left\nredirect_to: /chain/a/\naliases: [/left/before]\n---\n",
    "content/far.md": "---\ntitle: Far\nredirect_to: https://example.org/\n---\n",
    "content/draft.md": "---\ntitle: D\ndraft: true\nredirect_to: /one/\n---\n",
    "content/s/_index.md": "---\ntitle: S\nredirect_to: /one/\n---\n",
    "content/s/in.md": "---\ntitle: In\n---\n",
    "media/a.txt": "a\n",
}


@pytest.fixture
def served(repository: SiteRepository, site: Site) -> Site:
    repository.commit(FILES)
    site.sync()
    return site


ENDS = {
    "/was/": "/one/",
    "/was": "/one/",
    "/old/": "/one/",
    "/chain/a/": "/one/",
    "/left/": "/one/",
    "/left/before/": "/one/",
    "/away/": "https://example.org/%C3%A4?b=1",
    "/far/": "https://example.org/",
    "/file/": "/media/a.txt",
    "/s/": "/one/",
}


def test_a_way_goes_straight_to_its_end(served: Site) -> None:
    found = {path: served.get(path) for path in ENDS}
    assert {path: reply.header("location") for path, reply in found.items()} == ENDS
    assert {reply.status for reply in found.values()} == {301}
    not_found = ("/round/a/", "/round/b/", "/draft/")
    assert [served.get(path).status for path in not_found] == [404, 404, 404]
    assert served.get("/two/").status == 200, "a page comes before a redirect"
    assert served.get("/was/", query="a=1").header("location") == "/one/?a=1"
    assert served.get("/far/", query="a=1").header("location") == "https://example.org/"
    front, feed = served.text("/"), served.text("/feed/")
    assert "/far/" not in front + feed and "/two/" in front, "what redirects is in no list"


def test_circles_are_told_with_their_lines(repository: SiteRepository, site: Site) -> None:
    repository.commit(FILES)
    found = [p for p in site.sync().problems if p.code == "redirect.loop"]
    lines = (CONFIG + REDIRECTS).split("\n")
    assert [(p.path, lines[p.line - 1].partition(" ")[0]) for p in found] == [
        ("config.toml", '"/round/a/"'),
        ("config.toml", '"/round/b/"'),
    ]
    assert "/round/a/ → /round/b/ → /round/a/" in found[0].reason


def test_a_circle_ends_with_any_of_its_files(repository: SiteRepository, site: Site) -> None:
    a, b = (f"---\ntitle: X\nredirect_to: /{name}/\n---\n" for name in "ba")
    repository.commit({"config.toml": CONFIG, "content/a.md": a, "content/b.md": b})
    found = site.sync().problems
    assert [(p.path, p.line, p.code) for p in found] == [
        ("content/a.md", 3, "redirect.loop"),
        ("content/b.md", 3, "redirect.loop"),
    ]
    repository.commit({"content/b.md": "---\ntitle: B\n---\n"})
    assert site.sync().problems == ()
    assert site.get("/a/").header("location") == "/b/"
    repository.commit({"content/b.md": b})
    assert len(site.sync().problems) == 2
    repository.commit({"content/a.md": None})
    assert site.sync().problems == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('"/a/" = "javascript:alert(1)"', "neither a path"),
        ('"/a/" = "//evil.example\\\\x"', "backslash"),
        ('"/admin/" = "/a/"', "reserved"),
        ('"/a/" = "/b/"\n"/a" = "/c/"', "same address"),
    ],
)
def test_a_redirect_that_is_none_refuses_the_commit(
    repository: SiteRepository, site: Site, line: str, what: str
) -> None:
    repository.commit({**FILES, "config.toml": f"{CONFIG}\n[whispercms.redirects]\n{line}\n"})
    (problem,) = site.sync().problems
    assert problem.code == "config.value" and what in problem.reason and problem.line >= 4


def test_a_target_that_is_none_is_told_and_the_page_is_shown(
    repository: SiteRepository, site: Site
) -> None:
    text = "---\ntitle: Bad\nredirect_to: data:text/html,x\n---\n"
    repository.commit({"config.toml": CONFIG, "content/bad.md": text})
    (problem,) = site.sync().problems
    assert (problem.line, problem.code) == (3, "redirect.target")
    assert site.get("/bad/").status == 200
