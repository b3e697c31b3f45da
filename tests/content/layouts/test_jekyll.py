import pytest

from apps.content.addresses import MAXIMUM, AddressError
from apps.content.configuration import Configuration, read_configuration
from apps.content.frontmatter import split
from apps.content.layouts import (
    LeftOut,
    Role,
    asset_url,
    meaning,
    place,
    role,
    term_slug,
    turns_out,
)
from apps.content.layouts.jekyll import STARS
from apps.content.loose_yaml import read_loose_yaml
from tests.content.layouts.jekyll_site import CONFIG, FILES
from tests.content.layouts.walking import leads_to, statuses
from tests.sites import Site, SiteRepository
from tests.tables import each_of

PAGES = {
    "index.html": "/",
    "about.md": "/about/",
    "404.html": "/404.html",
    "contact.md": "/contact/",
    "bare.md": "/bare/",
    "docs/index.md": "/docs/",
    "docs/Some Guide.md": "/docs/Some Guide/",
    "_pages/team.md": "/team/",
    "_posts/2020-01-02-first-post.md": "/news/deep dives/2020/01/02/first-post.html",
    "_posts/2020-02-03-Second_Post.markdown": "/2020/02/03/Own-Slug.html",
    "_posts/2020-03-04-moved.md": "/2020/03/04/moved.html",
    "_posts/2020-03-05-dated.md": "/2019/12/31/dated.html",
    "_posts/inner/2020-04-01-inner.md": "/2020/04/01/inner.html",
    "travel/_posts/2020-05-01-trip.md": "/travel/sea/2020/05/01/trip.html",
    "old/_posts/2011-01-01-old.md": "/archive/old/",
    "_recipes/Apple Pie.md": "/food/apple-pie/",
    "_recipes/deep/cake.md": "/food/cake/",
    "_authors/ada.md": "/authors/ada/",
    "_kept/y.md": "/_kept/y/",
}
"""As Jekyll 4 has them, but that what it serves without a slash has one here and redirects."""
ASSETS = {
    "docs/raw.html": "/docs/raw.html",
    "notes.md": "/notes.md",
    "_recipes/pie.jpg": "/recipes/pie.jpg",
    "assets/plain.css": "/assets/plain.css",
    "robots.txt": "/robots.txt",
    ".well-known/security.txt": "/.well-known/security.txt",
}
NOT_SERVED = (
    *("/2020/03/06/gone.html", "/2099/01/01/future.html", "/1970/01/01/soon.html", "/hidden/x/"),
    *("/_layouts/default.html", "/_data/x.yml", "/_includes/video.html", "/_config.yml"),
    *("/secret/a/", "/build.log", "/Makefile", "/Gemfile", "/assets/main.scss"),
)


def jekyll(config: str = "", *names: str) -> Configuration:
    top = frozenset(("_config.yml", "index.md", *names))
    return read_configuration(None, top, {"_config.yml": read_loose_yaml(config)})


def url(config: str, source: str, **front: object) -> str:
    return place(jekyll(config), source, front).url


def test_jekyll_is_known_by_its_configuration_or_its_posts() -> None:
    for names in ({"_config.yml"}, {"_posts"}, {"_config.toml", "README.md"}):
        assert read_configuration(None, frozenset(names)).layout == "jekyll"
    ours = read_configuration("[whispercms]\n", frozenset(("content", "_config.yml")))
    assert ours.layout == "whispercms"


def test_what_its_configuration_says_of_the_site_is_taken() -> None:
    site = jekyll(CONFIG)
    assert (site.title, site.description) == ("A Jekyll site", "Notes of somebody")
    assert (site.base_url, site.taxonomies) == ("https://example.org/blog", ("tags", "categories"))
    assert site.parts[-1].foreign.unused == ("plugins", "whitelist")


def test_every_page_and_file_of_the_site_has_its_address() -> None:
    site = jekyll(CONFIG, "docs")
    placed, files = {}, {}
    for source, text in FILES.items():
        kind = role(site, source)
        kind = turns_out(site, source, text.encode()) if kind is Role.EITHER else kind
        if kind is Role.DOCUMENT and source in PAGES:
            placed[source] = place(site, source, split(text).front).url
        if kind is Role.ASSET:
            files[source] = asset_url(site, source)
    assert placed == PAGES
    assert files == ASSETS


@each_of(
    ("source", "expected"),
    [
        ("_posts/2020-01-01-a.md", Role.DOCUMENT),
        ("a/_drafts/b.md", Role.DOCUMENT),
        ("_posts/a.png", Role.IGNORED),
        ("a.md", Role.EITHER),
        ("a.xml", Role.EITHER),
        ("a.png", Role.ASSET),
        ("_x/a.md", Role.IGNORED),
        ("x/_y/a.md", Role.IGNORED),
        ("x/a.md~", Role.IGNORED),
        ("vendor/bundle/a.md", Role.IGNORED),
        ("node_modules/x/readme.md", Role.IGNORED),
        (".git/config", Role.IGNORED),
        (".env", Role.IGNORED),
    ],
)
def test_every_file_has_a_role(source: str, expected: Role) -> None:
    assert role(jekyll(), source) is expected


def test_git_s_own_files_are_never_served_whatever_is_included() -> None:
    assert role(jekyll("include: ['.git', '.*']"), ".git/config") is Role.IGNORED


@pytest.mark.parametrize(
    ("source", "content", "expected"),
    [
        ("a.md", b"---\ntitle: A\n---\n", Role.DOCUMENT),
        ("a.md", b"---\r\ntitle: A\r\n---\r\n", Role.DOCUMENT),
        ("a.md", b"\xef\xbb\xbf---\n---\n", Role.DOCUMENT),
        ("a.md", b"text", Role.ASSET),
        ("a.md", b"----\n", Role.ASSET),
        ("a.css", b"a {}", Role.ASSET),
        ("a.css", b"---\n---\na {}", Role.IGNORED),
        ("a.html", b"<p>", Role.ASSET),
    ],
)
def test_only_what_has_a_header_is_read(source: str, content: bytes, expected: Role) -> None:
    assert turns_out(jekyll(), source, content) is expected


def test_a_readme_is_the_front_page_where_there_is_no_other() -> None:
    site = read_configuration(None, frozenset(("_config.yml", "README.md")))
    assert turns_out(site, "README.md", b"# Hello") is Role.DOCUMENT
    assert place(site, "README.md", {}).url == "/"
    assert turns_out(jekyll(), "README.md", b"# Hello") is Role.ASSET


POST = "cat/_posts/2020-02-03-My-Post.md"


@each_of(
    ("style", "post", "page"),
    [
        ("", "/cat/2020/02/03/My-Post.html", "/a.html"),
        ("date", "/cat/2020/02/03/My-Post.html", "/a.html"),
        ("pretty", "/cat/2020/02/03/My-Post/", "/a/"),
        ("ordinal", "/cat/2020/034/My-Post.html", "/a.html"),
        ("weekdate", "/cat/2020/W06/Mon/My-Post.html", "/a.html"),
        ("none", "/cat/My-Post.html", "/a.html"),
        ("/:slug/", "/my-post/", "/a/"),
        ("/:short_year-:i_month-:i_day/:title", "/20-2-3/My-Post/", "/a/"),
        ("/:long_month/:title:output_ext", "/February/My-Post.html", "/a.html"),
    ],
)
def test_each_style_of_addresses_is_jekyll_s(style: str, post: str, page: str) -> None:
    config = f'permalink: "{style}"' if style else ""
    assert (url(config, POST), url(config, "a.md")) == (post, page)


def test_a_page_that_answers_as_a_file_is_found_without_its_ending_too() -> None:
    assert meaning(jekyll(), POST, {}).front["aliases"] == ["/cat/2020/02/03/My-Post"]
    assert meaning(jekyll(), "a.md", {"permalink": "/b"}).front["aliases"] == ["/b.html"]
    assert meaning(jekyll(), "a.md", {"permalink": "/b/"}).front["aliases"] == []


def test_front_matter_means_what_jekyll_means_by_it() -> None:
    found = meaning(
        jekyll(),
        POST,
        {
            "category": "One Word",
            "categories": "a b",
            "tags": "x y",
            "published": "no",
            "redirect_from": "old/",
            "last_modified_at": "2021-01-01",
        },
    ).front
    assert found["categories"] == ["cat", "One Word", "a", "b"]
    assert (found["tags"], found["draft"], found["updated"]) == (["x", "y"], True, "2021-01-01")
    assert found["aliases"][0] == "/old/"


@pytest.mark.parametrize("value", ["/new/", ["/new/"], ["/new/", "/other/"]])
def test_a_page_may_lead_elsewhere(value: object) -> None:
    assert meaning(jekyll(), "a.md", {"redirect_to": value}).front["redirect_to"] == "/new/"


def test_drafts_are_drafts_and_need_no_date() -> None:
    assert meaning(jekyll(), "_drafts/soon.md", {}).front["draft"] is True


def test_narrower_defaults_win_and_a_document_s_own_words_before_them() -> None:
    config = """
defaults:
  - {scope: {path: "a/b"}, values: {lang: narrow}}
  - {scope: {path: ""}, values: {lang: wide, x: 1}}
  - {scope: {path: "", type: pages}, values: {x: 2}}
"""
    front = meaning(jekyll(config), "a/b/c.md", {}).front
    assert (front["lang"], front["x"]) == ("narrow", 2)
    assert meaning(jekyll(config), "a/b/c.md", {"x": 3}).front["x"] == 3
    assert meaning(jekyll(config), "d.md", {}).front["lang"] == "wide"


def test_a_post_without_a_date_in_its_name_is_left_out() -> None:
    for source in ("_posts/a.md", "_posts/2020-13-40-a.md"):
        with pytest.raises(LeftOut):
            url("", source)


@pytest.mark.parametrize("value", ["/feed.xml", "/a.json", "/robots.txt"])
def test_what_is_meant_to_be_no_page_is_left_out(value: str) -> None:
    with pytest.raises(LeftOut) as caught:
        url("", "a.md", permalink=value)
    assert caught.value.code == "document.not-html"


@pytest.mark.parametrize("value", ["/../x", "/-/x", "/a\\b/"])
def test_a_hostile_address_is_refused(value: str) -> None:
    with pytest.raises(AddressError):
        url("", "a.md", permalink=value)


def test_no_pattern_grows_beyond_an_address() -> None:
    """Each of so many tokens would be the whole of a long slug."""
    many = MAXIMUM // len(":title")
    with pytest.raises(AddressError, match="characters"):
        url("", "_posts/2020-01-01-a.md", permalink=":title" * many, slug="x" * 60_000)
    with pytest.raises(LeftOut, match="over"):
        url("", "_posts/2020-01-01-a.md", permalink=":title" * (many + 1), slug="x")


def test_a_pattern_with_too_many_stars_matches_nothing() -> None:
    assert role(jekyll(f"exclude: ['{'*a' * STARS}.png']"), "aaaaaaaa.png") is Role.IGNORED
    assert role(jekyll(f"exclude: ['{'*a' * (STARS + 1)}.png']"), "aaaaaaaaa.png") is Role.ASSET


def test_terms_keep_their_script() -> None:
    slugs = [term_slug(jekyll(), "a.md", name) for name in ("C++", "Go Lang", "Ünï_code")]
    assert slugs == ["c", "go-lang", "ünï-code"]


def test_a_site_of_jekyll_s_is_served_page_by_page(repository: SiteRepository, site: Site) -> None:
    repository.commit(FILES)
    report = site.sync()
    assert report.state == "applied"
    assert set(statuses(site, [*PAGES.values(), *ASSETS.values()]).values()) == {200}
    assert set(statuses(site, NOT_SERVED).values()) == {404}
    assert leads_to(site, "/was/here/") == "/2020/03/04/moved.html"
    assert leads_to(site, "/2020/03/04/moved") == "/2020/03/04/moved.html"
    assert leads_to(site, "/about.html") == leads_to(site, "/about") == "/about/"
    codes = {(problem.path, problem.code) for problem in report.problems}
    assert {
        ("feed.xml", "asset.not-made"),
        ("assets/main.scss", "asset.not-made"),
        ("_posts/undated.md", "document.post-name"),
        ("_posts/2020-01-02-first-post.md", "markup.not-run"),
    } <= codes
    first = site.text("/news/deep%20dives/2020/01/02/first-post.html")
    assert '<a href="/2020/02/03/Own-Slug.html">the next</a>' in first
    assert '<a href="/about/">about</a>' in first
    assert "{% include video.html id=1 %}" in first
    assert "{% highlight" not in first
