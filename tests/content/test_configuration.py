import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.configuration import (
    Configuration,
    ConfigurationError,
    line_of,
    read_configuration,
)

OWN = '[whispercms]\ntitle = "T"\n'
ZOLA = 'base_url = "https://blog.example.org/"\ntitle = "Z"\ndescription = "D"\n'


def read(text: str | None, *names: str) -> Configuration:
    return read_configuration(text, frozenset(names))


def problems(text: str) -> list[tuple[str, int]]:
    with pytest.raises(ConfigurationError) as caught:
        read(text, "config.toml")
    assert all(problem.path == "config.toml" for problem in caught.value.problems)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_a_repository_without_configuration_is_plain() -> None:
    site = read(None, "README.md", "notes")
    assert (site.layout, site.root, site.own, site.title) == ("plain", "", False, "")
    assert (site.markdown, site.taxonomies, site.language) == ("commonmark", ("tags",), "en")
    assert site.themes is None
    assert site.plugins is None


def test_our_table_makes_it_ours() -> None:
    site = read(OWN, "config.toml", "content")
    assert (site.layout, site.root, site.own, site.title) == ("whispercms", "content/", True, "T")


def test_a_zola_site_is_known_by_its_base_url_and_its_content_folder() -> None:
    site = read(ZOLA, "config.toml", "content", "templates")
    assert (site.layout, site.root, site.own) == ("zola", "content/", False)
    assert (site.title, site.description) == ("Z", "D")
    assert site.base_url == "https://blog.example.org"


def test_zola_s_configuration_without_a_content_folder_is_plain() -> None:
    assert read(ZOLA, "config.toml").layout == "plain"


def test_our_table_in_a_zola_site_says_more_and_wins() -> None:
    site = read(ZOLA + '[whispercms]\ntitle = "Ours"\n', "config.toml", "content")
    assert (site.layout, site.own) == ("zola", True)
    assert (site.title, site.description) == ("Ours", "D")


def test_the_language_of_a_zola_site_is_kept_beside_our_table() -> None:
    german = f'default_language = "de"\n{ZOLA}'
    assert read(german, "content").language == "de"
    assert read(german + OWN, "content").language == "de"
    assert read(german + OWN + 'language = "fr"\n', "content").language == "fr"


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://a b/", "x", "//example.org"])
def test_a_base_url_of_a_zola_site_that_is_no_web_address_is_not_taken(value: str) -> None:
    site = read(f'base_url = "{value}"\n', "content")
    assert (site.layout, site.base_url) == ("zola", "")


def test_the_layout_can_be_configured_against_what_would_be_recognised() -> None:
    assert read(ZOLA + '[whispercms]\nlayout = "plain"\n', "content").layout == "plain"


@pytest.mark.parametrize(
    ("names", "root"),
    [(("docs", "mkdocs.yml"), "docs/"), (("docs",), ""), (("mkdocs.yml",), "")],
)
def test_documents_of_mkdocs_stand_in_docs(names: tuple[str, ...], root: str) -> None:
    assert read(None, *names).root == root


@pytest.mark.parametrize("name", ["mkdocs.yml", "pelicanconf.py"])
def test_sites_written_for_python_markdown_are_rendered_by_it(name: str) -> None:
    assert read(None, name).markdown == "python-markdown"
    assert read('[whispercms]\nmarkdown = "commonmark"\n', name).markdown == "commonmark"


@pytest.mark.parametrize(
    ("content", "root"),
    [("", ""), ("posts", "posts/"), ("a/b/", "a/b/"), ("Über uns", "Über uns/")],
)
def test_the_content_folder_can_be_configured(content: str, root: str) -> None:
    assert read(f'[whispercms]\ncontent = "{content}"\n').root == root


@pytest.mark.parametrize("content", ["/etc", "..", "../x", "a/../../x", "a\\\\b", "a\\nb"])
def test_a_content_folder_outside_the_repository_is_refused(content: str) -> None:
    assert problems(f'[whispercms]\ncontent = "{content}"\n') == [("config.value", 2)]


def test_taxonomies_come_from_our_table_then_from_zola_then_are_tags() -> None:
    zola = ZOLA + 'taxonomies = [{name = "topics", feed = true}, {x = 1}, 3]\n'
    assert read(zola, "content").taxonomies == ("topics",)
    assert read(zola + '[whispercms]\ntaxonomies = ["a", "b"]\n', "content").taxonomies == (
        "a",
        "b",
    )
    assert read(ZOLA + "taxonomies = []\n", "content").taxonomies == ("tags",)
    assert read("[whispercms]\ntaxonomies = []\n").taxonomies == ()


def test_the_tables_of_extensions_are_handed_on_as_they_are() -> None:
    site = read('[whispercms]\nplugins = []\n[[whispercms.themes]]\nid = "x"\n')
    assert (site.themes, site.plugins) == (({"id": "x"},), ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = \n", ("config.syntax", 1)),
        ("a = 1\nb = 'x\n", ("config.syntax", 2)),
        ("a = 1\na = 2\n", ("config.syntax", 2)),
        ("a = [" * 5000, ("config.syntax", 1)),
        (f"a = 1\nb = {'1' * 5000}\n", ("config.syntax", 2)),
        (OWN + "colour = 1\n", ("config.unknown-key", 3)),
        ("[whispercms]\n\ntitle = 3\n", ("config.value", 3)),
        ("[other]\ntitle = 3\n[whispercms]\ntitle = 3\n", ("config.value", 4)),
        ('[whispercms]\nbase_url = "ftp://x"\n', ("config.value", 2)),
        ('[whispercms]\nbase_url = "https://x/?q"\n', ("config.value", 2)),
        ('[whispercms]\nlanguage = "x\\ny"\n', ("config.value", 2)),
        ('[whispercms]\nlanguage = "en\\n"\n', ("config.value", 2)),
        ('[whispercms]\nlayout = "wordpress"\n', ("config.value", 2)),
        ('[whispercms]\ntaxonomies = "tags"\n', ("config.value", 2)),
        ("whispercms = 3\n", ("config.value", 1)),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(text: str, place: tuple[str, int]) -> None:
    assert problems(text) == [place]


def test_all_problems_of_the_table_are_named_together() -> None:
    assert problems('[whispercms]\ntitle = 3\nlanguage = "?"\nx = 1\n') == [
        ("config.value", 2),
        ("config.value", 3),
        ("config.unknown-key", 4),
    ]


@pytest.mark.parametrize(("key", "most"), [("title", 300), ("description", 2000)])
def test_texts_are_bounded(key: str, most: int) -> None:
    assert read(f'[whispercms]\n{key} = "{"x" * most}"\n')
    assert problems(f'[whispercms]\n{key} = "{"x" * (most + 1)}"\n') == [("config.value", 2)]


def test_a_base_url_has_no_slash_at_its_end() -> None:
    assert read('[whispercms]\nbase_url = "http://x.org/a/"\n').base_url == "http://x.org/a"


def test_a_line_is_found_below_its_table() -> None:
    text = 'title = 1\n[a."b.c"]\nx = 1\n[[a.list]]\n"title" = 2\n'
    assert line_of(text, "title") == 1
    assert line_of(text, "a", "list", 0, "title") == 5
    assert line_of(text, "nowhere") == 1


def test_only_what_rows_depend_on_makes_them_outdated() -> None:
    before = read(OWN)
    assert read(OWN + 'language = "de"\n').reading() == before.reading()
    for more in ('layout = "plain"', 'content = "x"', "taxonomies = []", 'permalinks = {a = "b"}'):
        assert read(f"{OWN}{more}\n").reading() != before.reading()


@given(st.text(max_size=80))
def test_any_text_is_a_configuration_or_has_a_place(text: str) -> None:
    try:
        read(text, "config.toml")
    except ConfigurationError as error:
        assert all(p.line >= 1 and p.path == "config.toml" for p in error.problems)


def test_each_of_any_number_of_defects_has_its_line() -> None:
    """To read the text again for each of them would take minutes."""
    many = 5_000
    lines = "".join(f'"/a{number}" = "javascript:"\n' for number in range(many))
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(f"[whispercms]\n[whispercms.redirects]\n{lines}", frozenset())
    found = sorted(problem.line for problem in caught.value.problems)
    assert found == list(range(3, many + 3))
