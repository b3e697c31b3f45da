import re
import shutil
import sys
from pathlib import Path

import pytest

from apps.content.addresses import MAXIMUM, AddressError
from apps.content.configuration import Configuration, read_configuration
from apps.content.layouts import LeftOut, Role, asset_url, markup, meaning, place, role, term_slug
from apps.content.strict import read_toml
from tests.content.layouts.hugo_site import CONFIG, FILES
from tests.content.layouts.walking import built_by_hugo, leads_to, statuses
from tests.sites import Site, SiteRepository

PAGES = {
    "content/_index.md": "/",
    "content/about.md": "/about/",
    "content/Über uns.md": "/über-uns/",
    "content/C++ & Go!.md": "/c++--go/",
    "content/日本 語.md": "/日本-語/",
    "content/legal.html": "/legal/",
    "content/posts/first.md": "/p/2020/first-post-héllo-world/",
    "content/posts/slugged.md": "/p/2020/slugged/",
    "content/posts/file.md": "/custom/Path.html",
    "content/posts/folder.md": "/custom2/Path/",
    "content/posts/undated.md": "/p/1/no-date/",
    "content/notes/2012-03-04-named.md": "/1/01/01/named/",
    "content/notes/night.md": "/2021/12/31/night/",
    "content/notes/own.md": "/2021/05/06/own/",
    "content/log/one.md": "/log/ä-one/",
    "content/log/Two Words.md": "/log/two-words/",
    "content/ugly/page.md": "/ugly/page.html",
    "content/ugly/bundle/index.md": "/ugly/bundle.html",
    "content/My Section/_index.md": "/my-section/",
    "content/My Section/Page One.md": "/my-section/page-one/",
    "content/My Section/Sub Dir/x_y.md": "/my-section/sub-dir/x_y/",
    "content/docs/_index.md": "/manual/",
    "content/docs/deep/a.md": "/docs/deep/a/",
    "content/docs/deep/deeper/b.c.md": "/docs/deep/deeper/b.c/",
    "content/trip/Leaf One/index.md": "/trip/leafslug/",
    "content/trip/two/index.md": "/trip/two/",
    "content/build/x.en.md": "/build/x/",
    "content/build/json.md": "/build/json/",
}
"""As Hugo 0.168 has them."""
ASSETS = {
    "content/posts/beside.png": "/posts/beside.png",
    "content/My Section/Some File.pdf": "/my-section/Some File.pdf",
    "content/trip/two/images/B.png": "/trip/two/images/B.png",
    "static/img/S.png": "/img/S.png",
    "static/robots.txt": "/robots.txt",
}
HIDDEN = {
    "/p/2020/d/": "drafts, and what is to come",
    "/p/2019/d/": "what is over",
    "/build/never/": "what is not to be rendered",
    "/build/headless/": "what has no page",
}
NAMED = re.compile(r"^/(tags|categories|series|manual)/index\.xml$|^/series/$")
"""What docs/sites.md says of feeds and of taxonomies without terms."""


def hugo(config: str = "", *names: str) -> Configuration:
    top = frozenset(("hugo.toml", "content", *names))
    return read_configuration(None, top, {"hugo.toml": read_toml(config)})


def url(config: str, source: str, **front: object) -> str:
    return place(hugo(config), source, front).url


@pytest.mark.parametrize(
    ("names", "file", "text"),
    [
        ({"hugo.toml"}, None, ""),
        ({"hugo.yaml"}, None, ""),
        ({"config.yaml", "content"}, "config.yaml", 'baseURL = "https://x.org"'),
        ({"config", "content"}, "config/_default/hugo.toml", 'title = "T"'),
    ],
)
def test_hugo_is_known_by_its_configuration(names: set[str], file: str | None, text: str) -> None:
    files = {file: read_toml(text)} if file else {}
    assert read_configuration(None, frozenset(names), files).layout == "hugo"


def test_a_configuration_of_some_other_program_is_not_taken_for_hugo_s() -> None:
    files = {"config.yaml": {"debug": True}}
    assert read_configuration(None, frozenset(("config.yaml", "content")), files).layout == "plain"


def test_an_old_config_toml_is_hugo_s_where_it_says_what_only_hugo_says() -> None:
    site = read_configuration('baseURL = "https://x.org/"\n', frozenset(("config.toml", "content")))
    assert (site.layout, site.base_url) == ("hugo", "https://x.org")


def test_files_of_the_folder_for_settings_are_put_together() -> None:
    files = {
        "config/_default/hugo.toml": {"title": "T"},
        "config/_default/permalinks.toml": {"posts": "/:slug/"},
        "config/_default/params.yaml": {"description": "D"},
    }
    site = read_configuration(None, frozenset(("config", "content")), files)
    assert (site.title, site.description) == ("T", "D")
    assert place(site, "content/posts/a.md", {"title": "A b"}).url == "/a-b/"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("content/a.md", Role.DOCUMENT),
        ("content/a.html", Role.DOCUMENT),
        ("content/a.json", Role.ASSET),
        ("content/b/a.png", Role.ASSET),
        ("static/a.md", Role.ASSET),
        ("assets/a.css", Role.IGNORED),
        ("layouts/index.html", Role.IGNORED),
        ("themes/x/static/a.css", Role.IGNORED),
        ("data/a.json", Role.IGNORED),
        ("media/a.png", Role.IGNORED),
        ("content/.a.md", Role.IGNORED),
        ("hugo.toml", Role.IGNORED),
    ],
)
def test_every_file_has_a_role(source: str, expected: Role) -> None:
    assert role(hugo(), source) is expected


def test_files_answer_where_hugo_has_them() -> None:
    site = hugo(CONFIG)
    assert {source: asset_url(site, source) for source in ASSETS} == ASSETS


@pytest.mark.parametrize(
    ("config", "source", "front", "expected"),
    [
        ("", "content/a/B c.md", {}, "/a/b-c/"),
        ("disablePathToLower = true", "content/a/B c.md", {}, "/a/B-c/"),
        ("uglyURLs = true", "content/a.md", {}, "/a.html"),
        ('contentDir = "text"', "text/a.md", {}, "/a/"),
        ("", "content/a.md", {"URL": "/Up/x"}, "/Up/x/"),
        ("", "content/a.md", {"url": "/b/:year/:slug/", "date": "2020-03-04"}, "/b/2020/a/"),
        ("", "content/a.md", {"slug": "Ä & b"}, "/ä-b/"),
        ("", "content/2020-01-02-a.md", {}, "/2020-01-02-a/"),
        ('[permalinks]\na = "/:sections[1:]/:slug"', "content/a/b/c.md", {}, "/b/c/"),
        ('[permalinks]\na = "/:section/:weekday/:yearday"', "content/a/c.md", {}, "/a/1/1/"),
        ('[permalinks.page]\na = "/x/:filename"', "content/a/c/index.md", {}, "/x/c/"),
        ('[permalinks.section]\na = "/y/"', "content/a/_index.md", {}, "/y/"),
        ('permalinks = "x"', "content/a/c.md", {}, "/a/c/"),
    ],
)
def test_addresses_follow_the_configuration_and_the_front_matter(
    config: str, source: str, front: dict[str, object], expected: str
) -> None:
    assert url(config, source, **front) == expected


def test_a_dated_name_is_one_where_the_configuration_says_so() -> None:
    site = hugo('[frontmatter]\ndate = [":filename", ":default"]\n[permalinks]\nx = "/:year/:slug"')
    found = meaning(site, "content/x/2020-01-02-hello.md", {})
    assert found.placement.url == "/2020/hello/"
    assert found.front["date"] == "2020-01-02T00:00:00Z"


def test_front_matter_means_what_hugo_means_by_it() -> None:
    found = meaning(
        hugo(),
        "content/posts/a.md",
        {
            "Date": "2020-01-02",
            "publishDate": "2020-02-02",
            "expiryDate": "2021-01-01",
            "lastmod": "2020-03-03",
            "draft": "no",
            "Tags": ["x"],
            "aliases": ["/old/", "beside", "../up"],
            "weight": 3,
        },
    ).front
    assert (found["date"], found["updated"]) == ("2020-01-02", "2020-03-03")
    assert (found["publish"], found["expires"]) == ("2020-02-02", "2021-01-01")
    assert (found["draft"], found["tags"], found["weight"]) == (False, ["x"], 3)
    assert found["aliases"] == ["/old", "/posts/beside", "/up"]


@pytest.mark.parametrize("front", [{"headless": True}, {"build": {"render": "never"}}])
def test_what_has_no_page_of_its_own_is_private(front: dict[str, object]) -> None:
    assert meaning(hugo(), "content/a/index.md", front).front["visibility"] == "private"


@pytest.mark.parametrize("front", [{"cascade": {"draft": True}}, {"_build": {"list": "never"}}])
def test_what_is_not_honoured_is_told(front: dict[str, object]) -> None:
    assert [code for code, _ in meaning(hugo(), "content/a.md", front).told] == ["document.unused"]


LANGUAGES = (
    'defaultContentLanguage = "de"\n[languages.de]\ntitle = "D"\n[languages.fr]\ntitle = "F"'
)


def test_of_several_languages_the_first_is_served_and_others_are_told_of() -> None:
    assert hugo(LANGUAGES).title == "D"
    assert url(LANGUAGES, "content/a.de.md") == "/a/"
    with pytest.raises(LeftOut, match="fr") as caught:
        url(LANGUAGES, "content/a.fr.md")
    assert caught.value.code == "document.language"


def test_the_default_language_may_have_a_folder_of_its_own() -> None:
    assert url(f"defaultContentLanguageInSubdir = true\n{LANGUAGES}", "content/a.md") == "/de/a/"


def test_what_is_meant_to_be_no_page_is_left_out() -> None:
    with pytest.raises(LeftOut) as caught:
        url("", "content/a.md", url="/feed.xml")
    assert caught.value.code == "document.not-html"


@pytest.mark.parametrize("value", ["/../x", "/admin/x", "/a\\b"])
def test_a_hostile_address_is_refused(value: str) -> None:
    with pytest.raises(AddressError):
        url("", "content/a.md", url=value)


@pytest.mark.parametrize("value", ["../../x", "/admin/..", "..", "/"])
def test_a_hostile_slug_is_refused(value: str) -> None:
    with pytest.raises(AddressError):
        url("", "content/a.md", slug=value)


def test_a_slug_leads_to_no_other_site_and_to_nothing_of_the_server() -> None:
    assert url("", "content/a.md", slug="//evil.example/x") == "/evil.example/x/"
    with pytest.raises(AddressError, match="reserved"):
        url("", "content/a.md", slug="/admin/x")


def test_no_pattern_grows_beyond_an_address() -> None:
    """Each of so many tokens would be the whole of a long title."""
    many = MAXIMUM // len(":title")
    with pytest.raises(AddressError, match="characters"):
        url("", "content/a.md", url=":title" * many, title="x" * 60_000)
    with pytest.raises(LeftOut, match="over"):
        url("", "content/a.md", url=":title" * (many + 1), title="x")


def test_a_pattern_with_a_token_that_hugo_has_not_leaves_the_document_out() -> None:
    with pytest.raises(LeftOut, match="colour"):
        url('[permalinks]\na = "/:colour/"', "content/a/b.md")


def test_terms_keep_their_script_and_their_signs() -> None:
    names = ("C++", "Go Lang", "Ünï code", "x.y", "A/B", "!", "..", "/./")
    slugs = [term_slug(hugo(), "content/a.md", name) for name in names]
    assert slugs == ["c++", "go-lang", "ünï-code", "x.y", "a-b", "", "", ""]


def test_a_site_of_hugo_s_is_served_page_by_page(repository: SiteRepository, site: Site) -> None:
    repository.commit(FILES)
    assert site.sync().state == "applied"
    assert set(statuses(site, [*PAGES.values(), *ASSETS.values()]).values()) == {200}
    assert set(statuses(site, HIDDEN).values()) == {404}
    assert site.get("/trip/leafslug/My%20Pic.PNG").status == 200
    assert {leads_to(site, old) for old in ("/old/one/", "/p/2020/beside", "/p/up/x.html")} == {
        "/p/2020/slugged/"
    }
    assert leads_to(site, "/about") == "/about/"
    assert "A Hugo site" in site.text("/")


@pytest.mark.long
def test_every_address_that_hugo_makes_answers_here_or_is_named(
    repository: SiteRepository, site: Site, tmp_path: Path
) -> None:
    program = shutil.which("hugo", path=str(Path(sys.executable).parent)) or shutil.which("hugo")
    if program is None:
        pytest.skip("hugo is not installed")
    urls = built_by_hugo(program, FILES, tmp_path / "hugo")
    repository.commit(FILES)
    site.sync()
    assert {*PAGES.values(), *ASSETS.values()} <= set(urls)
    missing = [url for url, status in statuses(site, urls).items() if status not in (200, 301)]
    assert [url for url in missing if not NAMED.search(url)] == []
    assert set(statuses(site, HIDDEN)) & set(urls) == set()


def test_markup_whose_program_is_another_s_is_looked_through_for_no_fragments() -> None:
    names = [markup(hugo(), f"content/a.{suffix}") for suffix in ("md", "html", "adoc")]
    assert names == ["commonmark+hugo", "html+hugo", "asciidoc"]
