import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.addresses import MAXIMUM, AddressError
from apps.content.configuration import Configuration, read_configuration
from apps.content.layouts import RULES, Placement, Role, asset_url, markup, place, role
from tests.tables import each_of

DAY = "2024-03-01T00:00:00Z"


def ours(more: str = "") -> Configuration:
    return read_configuration(f"[whispercms]\n{more}\n", frozenset({"config.toml", "content"}))


def zola() -> Configuration:
    return read_configuration('base_url = "https://x.org"\n', frozenset({"content"}))


def plain(*names: str) -> Configuration:
    return read_configuration(None, frozenset(names))


def url(site: Configuration, source: str, **front: object) -> str:
    return place(site, source, front).url


@each_of(
    ("source", "expected"),
    [
        ("content/a.md", Role.DOCUMENT),
        ("content/a.MD", Role.DOCUMENT),
        ("content/a.html", Role.DOCUMENT),
        ("content/a.json", Role.DOCUMENT),
        ("content/a.adoc", Role.DOCUMENT),
        ("content/a.png", Role.ASSET),
        ("content/Makefile", Role.ASSET),
        ("media/a.md", Role.ASSET),
        ("static/robots.txt", Role.ASSET),
        ("media", Role.IGNORED),
        ("config.toml", Role.KEPT),
        ("extensions.lock", Role.KEPT),
        ("themes/x/theme.toml", Role.KEPT),
        ("plugins/x/main.lua", Role.KEPT),
        ("policies/a.cedar", Role.KEPT),
        ("content/.draft.md", Role.IGNORED),
        ("content/.git/a.md", Role.IGNORED),
        (".github/a.md", Role.IGNORED),
        ("media/.DS_Store", Role.IGNORED),
        ("README.md", Role.IGNORED),
        ("templates/a.html", Role.IGNORED),
    ],
)
def test_every_file_of_our_layout_has_a_role(source: str, expected: Role) -> None:
    assert role(ours(), source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("content/a.md", Role.DOCUMENT),
        ("content/a.html", Role.ASSET),
        ("static/style.css", Role.ASSET),
        ("themes/x/theme.toml", Role.IGNORED),
        ("templates/index.html", Role.IGNORED),
    ],
)
def test_a_zola_site_s_own_templates_are_nothing_to_us(source: str, expected: Role) -> None:
    assert role(zola(), source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("README.md", Role.DOCUMENT),
        ("python/a.adoc", Role.DOCUMENT),
        ("python/a.html", Role.IGNORED),
        ("python/a.png", Role.ASSET),
        ("main.py", Role.IGNORED),
        ("secrets/key.pem", Role.IGNORED),
        (".env", Role.IGNORED),
        (".github/workflows/a.md", Role.IGNORED),
    ],
)
def test_of_a_plain_repository_only_what_a_page_can_show_is_served(
    source: str, expected: Role
) -> None:
    assert role(plain("README.md"), source) is expected


def test_secrets_are_never_assets_or_documents() -> None:
    for site in (ours(), ours('content = ""'), ours('layout = "plain"\ncontent = ""')):
        assert role(site, "secrets/mail.sops.yaml") is Role.KEPT
        assert role(site, "secrets/notes.md") is Role.KEPT


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("content/a.md", "commonmark"),
        ("content/a.markdown", "commonmark"),
        ("content/a.HTML", "html"),
        ("content/a.json", "json"),
        ("content/a.asciidoc", "asciidoc"),
    ],
)
def test_the_suffix_names_the_renderer(source: str, name: str) -> None:
    assert markup(ours(), source) == name


def test_the_dialect_of_markdown_is_the_site_s() -> None:
    assert markup(ours('markdown = "python-markdown"'), "content/a.md") == "python-markdown"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("content/_index.md", Placement("/", "section", "", "")),
        ("content/index.md", Placement("/", "page", "", "")),
        ("content/About Us.md", Placement("/about-us/", "page", "", "")),
        ("content/posts/_index.md", Placement("/posts/", "section", "posts", "")),
        ("content/posts/a.md", Placement("/posts/a/", "page", "posts", "")),
        ("content/posts/a/index.md", Placement("/posts/a/", "page", "posts", "")),
        ("content/My Posts/A/b.md", Placement("/my-posts/a/b/", "page", "my-posts/a", "")),
        ("content/posts/2024-03-01-c.md", Placement("/posts/c/", "page", "posts", DAY)),
        ("content/posts/2024-03-01-c/index.md", Placement("/posts/c/", "page", "posts", DAY)),
        ("content/posts/日本.md", Placement("/posts/日本/", "page", "posts", "")),
    ],
)
@pytest.mark.parametrize("site", [ours(), zola()], ids=["ours", "zola"])
def test_files_and_folders_give_readable_addresses(
    site: Configuration, source: str, expected: Placement
) -> None:
    assert place(site, source, {}) == expected


@pytest.mark.parametrize(
    "source",
    [
        "content/posts/index/index.md",
        "content/posts/2024-03-01-index.md",
        "content/posts/2024-03-01-index/index.md",
    ],
)
def test_only_an_index_at_the_top_is_the_front_page(source: str) -> None:
    assert url(ours(), source) == "/posts/index/"


@pytest.mark.parametrize("source", ["content/!!!.md", "content/posts/+++.md", "content/!/a.md"])
@pytest.mark.parametrize("site", [ours(), zola()], ids=["ours", "zola"])
def test_a_name_without_letters_stays_as_it_is(site: Configuration, source: str) -> None:
    assert url(site, source) == "/" + source.removeprefix("content/").removesuffix("md")[:-1] + "/"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("README.md", Placement("/", "section", "", "")),
        ("index.md", Placement("/", "section", "", "")),
        ("python/README.md", Placement("/python/", "section", "python", "")),
        ("python/Some Thing.md", Placement("/python/Some Thing/", "page", "python", "")),
        ("python/2024-03-01-x.md", Placement("/python/2024-03-01-x/", "page", "python", "")),
        ("a.b.md", Placement("/a.b/", "page", "", "")),
    ],
)
def test_a_plain_repository_keeps_its_names(source: str, expected: Placement) -> None:
    assert place(plain("README.md"), source, {}) == expected


def test_a_plain_name_that_no_url_can_hold_is_refused() -> None:
    with pytest.raises(AddressError):
        place(plain("README.md"), "a\\b.md", {})


def test_front_matter_can_say_the_whole_address_or_its_last_part() -> None:
    assert url(ours(), "content/posts/a.md", path="/2024/x") == "/2024/x/"
    assert url(ours(), "content/posts/a.md", slug="y") == "/posts/y/"
    assert url(ours(), "content/posts/_index.md", path="blog") == "/blog/"
    assert url(ours(), "content/index.md", path="start") == "/start/"


@pytest.mark.parametrize("value", ["", "/", 3, ["x"], None, True])
def test_an_address_in_front_matter_that_says_nothing_does_not_count(value: object) -> None:
    assert url(ours(), "content/posts/a.md", path=value, slug=value) == "/posts/a/"


@pytest.mark.parametrize("front", [{"path": "../x"}, {"slug": "../../x"}, {"path": "admin"}])
def test_a_hostile_address_in_front_matter_is_refused(front: dict[str, object]) -> None:
    with pytest.raises(AddressError):
        place(ours(), "content/posts/a.md", front)


@pytest.mark.parametrize("source", ["admin/x.md", "healthz.md", "-/x.md", "-.md"])
@pytest.mark.parametrize("site", [plain("README.md"), ours('content = ""')], ids=["plain", "ours"])
def test_a_file_cannot_take_what_is_reserved(site: Configuration, source: str) -> None:
    with pytest.raises(AddressError, match="reserved"):
        place(site, source, {})


DATED = 'permalinks = {posts = "/{year}/{month}/{day}/{slug}/", notes = "n/{section}-{slug}"}'


@pytest.mark.parametrize(
    ("source", "front", "expected"),
    [
        ("content/posts/2024-03-01-c.md", {}, "/2024/03/01/c/"),
        ("content/posts/c.md", {"date": "2025-06-07"}, "/2025/06/07/c/"),
        ("content/posts/c.md", {}, "/posts/c/"),
        ("content/posts/c.md", {"date": "soon"}, "/posts/c/"),
        ("content/posts/2024-03-01-c.md", {"path": "x"}, "/x/"),
        ("content/posts/2024-03-01-c.md", {"slug": "y"}, "/2024/03/01/y/"),
        ("content/notes/c.md", {}, "/n/notes-c/"),
        ("content/other/c.md", {}, "/other/c/"),
    ],
)
def test_a_section_can_have_a_pattern_for_its_addresses(
    source: str, front: dict[str, object], expected: str
) -> None:
    assert place(ours(DATED), source, front).url == expected


def test_a_pattern_is_no_longer_than_an_address() -> None:
    fits, more = ("x" * (size - len("{slug}")) + "{slug}" for size in (MAXIMUM, MAXIMUM + 1))
    with pytest.raises(AddressError, match="a URL may have"):
        place(ours(f'permalinks = {{posts = "{fits}"}}'), "content/posts/long-name.md", {})
    with pytest.raises(AddressError, match="the pattern"):
        place(ours(f'permalinks = {{posts = "{more}"}}'), "content/posts/a.md", {})


def test_a_pattern_cannot_leave_the_site() -> None:
    with pytest.raises(AddressError):
        place(ours('permalinks = {posts = "/../{slug}"}'), "content/posts/a.md", {})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("content/posts/a b.png", "/posts/a b.png"),
        ("media/a/b.pdf", "/media/a/b.pdf"),
        ("static/robots.txt", "/robots.txt"),
        ("static/img/x.svg", "/img/x.svg"),
    ],
)
def test_assets_answer_where_they_stand(source: str, expected: str) -> None:
    assert asset_url(ours(), source) == expected


def test_media_of_a_plain_repository_is_served_too() -> None:
    assert asset_url(plain("README.md"), "media/a.png") == "/media/a.png"
    assert asset_url(plain("README.md"), "python/a.png") == "/python/a.png"


@pytest.mark.parametrize("source", ["media/a\\b.png", "content/a\\b.png", "static/a\\b.png"])
def test_an_asset_whose_name_no_url_can_hold_is_refused(source: str) -> None:
    with pytest.raises(AddressError):
        asset_url(ours(), source)


@pytest.mark.parametrize("source", ["static/admin/x.js", "content/static/x.css", "static/media"])
def test_an_asset_cannot_take_what_is_reserved(source: str) -> None:
    with pytest.raises(AddressError, match="reserved"):
        asset_url(ours(), source)


PART = st.text(st.sampled_from("aZ9-_.! é日index"), min_size=1, max_size=8).filter(
    lambda part: part.strip(".")
)


@given(st.sampled_from(sorted(RULES)), st.lists(PART, min_size=1, max_size=4), st.booleans())
def test_every_document_answers_at_one_clean_address(
    layout: str, parts: list[str], dated: bool
) -> None:
    site = ours(f'layout = "{layout}"\ncontent = "content"')
    source = "content/" + "/".join([*parts[:-1], f"{'2024-03-01-' * dated}{parts[-1]}.md"])
    try:
        found = place(site, source, {})
    except AddressError:
        return
    assert "//" not in found.url
    assert found.url.startswith("/")
    assert found.url.endswith("/")
    assert not {".", ".."} & set(found.url.split("/"))
