import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.addresses import AddressError
from apps.content.configuration import (
    SOURCES,
    Configuration,
    ConfigurationError,
    read_configuration,
    wants,
)
from apps.content.foreign.files import Files
from apps.content.layouts import LeftOut, Role, asset_url, markup, meaning, place, role
from tests.sites import Site, SiteRepository

CONFIG = """
[whispercms]
title = "A mixture"

[[whispercms.sources]]
folder = "old-blog"
layout = "jekyll"
at = "/blog/"

[[whispercms.sources]]
folder = "old-blog/handbook"
layout = "plain"
at = "/handbook/"

[[whispercms.sources]]
folder = "notes"
layout = "hugo"
"""
TOP = frozenset(("config.toml", "content", "old-blog", "notes"))


def mixture() -> Configuration:
    files: Files = {
        "old-blog/_config.yml": {"permalink": "pretty"},
        "notes/hugo.toml": {"permalinks": {"posts": "/:year/:slug/"}},
    }
    return read_configuration(CONFIG, TOP, files)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("content/a.md", "/a/"),
        ("old-blog/_posts/2020-01-02-b.md", "/blog/2020/01/02/b/"),
        ("old-blog/about.md", "/blog/about/"),
        ("old-blog/handbook/Some Page.md", "/handbook/Some Page/"),
        ("old-blog/handbook/README.md", "/handbook/"),
        ("notes/content/posts/c.md", "/1/c/"),
    ],
)
def test_each_folder_is_read_by_its_own_layout(source: str, expected: str) -> None:
    assert place(mixture(), source, {}).url == expected


def test_files_of_each_folder_answer_below_its_addresses() -> None:
    site = mixture()
    assert asset_url(site, "old-blog/img/a.png") == "/blog/img/a.png"
    assert asset_url(site, "notes/static/a.png") == "/a.png"
    assert asset_url(site, "content/a.png") == "/a.png"
    assert role(site, "notes/layouts/index.html") is Role.IGNORED
    assert role(site, "old-blog/_layouts/x.html") is Role.IGNORED


def test_only_the_folder_s_own_fragments_are_looked_for() -> None:
    found = [markup(mixture(), source) for source in ("content/a.md", "old-blog/a.md")]
    assert found == ["commonmark", "commonmark+jekyll"]


def test_each_folder_s_own_configuration_is_read() -> None:
    assert {"old-blog/_config.yml", "notes/hugo.toml", "notes/config/_default/"} <= set(
        wants(CONFIG, TOP)
    )


@pytest.mark.parametrize(
    "table",
    [
        'folder = "../x"\nlayout = "plain"',
        'folder = "x"\nlayout = "other"',
        'layout = "plain"',
        'folder = "x"\nlayout = "plain"\nat = "x"',
        'folder = "x"\nlayout = "plain"\nat = "/../"',
        'folder = "x"\nlayout = "plain"\nat = "/a//"',
        'folder = "x"\nlayout = "plain"\ncolour = 1',
    ],
)
def test_a_source_that_cannot_be_one_is_refused(table: str) -> None:
    with pytest.raises(ConfigurationError):
        read_configuration(f"[whispercms]\n[[whispercms.sources]]\n{table}\n", TOP)


def test_a_site_has_a_bounded_number_of_sources() -> None:
    one = '[[whispercms.sources]]\nfolder = "x"\nlayout = "plain"\n'
    read_configuration(f"[whispercms]\n{one * SOURCES}", TOP)
    with pytest.raises(ConfigurationError):
        read_configuration(f"[whispercms]\n{one * (SOURCES + 1)}", TOP)


@pytest.mark.long
def test_a_mixture_is_served(repository: SiteRepository, site: Site) -> None:
    repository.commit(
        {
            "config.toml": CONFIG,
            "content/_index.md": "# Start\n",
            "old-blog/_config.yml": "permalink: pretty\n",
            "old-blog/_posts/2020-01-02-b.md": "---\ntitle: B\n---\nText\n",
            "old-blog/handbook/README.md": "# Handbook\n",
            "notes/hugo.toml": '[permalinks]\nposts = "/:year/:slug/"\n',
            "notes/content/posts/c.md": "---\ndate: 2020-05-05\ntitle: C\n---\nText\n",
        }
    )
    assert site.sync().state == "applied"
    urls = ("/", "/blog/2020/01/02/b/", "/handbook/", "/2020/c/")
    assert [site.get(url).status for url in urls] == [200] * len(urls)
    repository.commit({"notes/hugo.toml": '[permalinks]\nposts = "/n/:slug/"\n'})
    assert site.sync().parsed == 4
    assert site.get("/n/c/").status == 200


TEXTS = st.sampled_from(("", "x", "/a/:slug", "../b", "de", "_posts", "a*", "https://x.org", "no"))
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS
JSON = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(TEXTS, PLAIN, max_size=2)
KEYS = st.sampled_from(
    (
        *("title", "baseURL", "languages", "taxonomies", "permalinks", "contentDir", "staticDir"),
        *("uglyURLs", "frontmatter", "permalink", "collections", "defaults", "include", "exclude"),
        *("url", "baseurl", "lang", "slug", "aliases", "date", "tags", "categories", "category"),
        *("redirect_from", "published", "build", "cascade", "draft"),
    )
)
TABLE = st.dictionaries(KEYS, JSON, max_size=4)
NAMES = ("hugo.toml", "_config.yml")
PATHS = st.sampled_from(
    ("content/a/b.md", "content/_index.md", "_posts/2020-01-02-x.md", "a/b.md", "content/x.de.md")
)


@given(st.sampled_from(NAMES), TABLE, TABLE, PATHS)
def test_whatever_stands_in_other_systems_files_is_read_or_left_out(
    name: str, values: dict[str, object], front: dict[str, object], source: str
) -> None:
    site = read_configuration(None, frozenset((name, "content")), {name: values})
    assert role(site, source) in Role
    try:
        found = meaning(site, source, front)
    except (AddressError, LeftOut):
        return
    assert found.placement.url.startswith("/")
    assert "//" not in found.placement.url
    assert not {".", ".."} & set(found.placement.url.split("/"))
