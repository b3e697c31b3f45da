import json
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.configuration import read_configuration
from apps.content.documents import DESCRIPTION, MANY, NAME, TITLE, read_document
from apps.content.entries import (
    MODULUS,
    Alias,
    Asset,
    Document,
    Entry,
    KeptFile,
    Original,
    Term,
    row_digest,
    values_of,
)
from apps.content.problems import Problem

SITE = read_configuration('[whispercms]\ntaxonomies = ["tags", "topics"]\n', frozenset())


def read(
    front: dict[str, Any] | None = None,
    *,
    source: str = "content/posts/a-page.md",
    title: str | None = None,
    problems: tuple[dict[str, Any], ...] = (),
) -> Entry:
    parsed = {"front": front or {}, "format": "yaml", "title": title, "problems": problems}
    return read_document(SITE, source=source, blob="b" * 40, content=b"text", parsed=parsed)


def document(front: dict[str, Any] | None = None, **more: Any) -> Document:
    found = read(front, **more).document
    assert found is not None
    return found


def codes(entry: Entry) -> list[str]:
    return [problem.code for problem in entry.problems]


def test_a_document_has_its_place_its_title_and_its_bytes() -> None:
    entry = read({"description": "Short"}, title="A page")
    found = entry.document
    assert found is not None
    assert (found.source, found.blob, found.markup) == (
        "content/posts/a-page.md",
        "b" * 40,
        "commonmark",
    )
    assert (found.url, found.kind, found.section) == ("/posts/a-page/", "page", "posts")
    assert (found.title, found.description, found.visibility) == ("A page", "Short", "public")
    assert entry.original == Original(found.source, found.blob, b"text")
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("content/posts/a_page-here.md", "A page here"),
        ("content/posts/_index.md", "Posts"),
        ("content/_index.md", "Index"),
        ("content/日本.md", "日本"),
    ],
)
def test_without_a_title_the_address_gives_one(source: str, title: str) -> None:
    assert document(source=source).title == title


def test_a_title_is_one_printable_line_within_bounds() -> None:
    assert document(title=" a\n\tb\x00c\u202e ").title == "a b c"
    assert document(title="x" * (TITLE + 1)).title == "x" * TITLE
    assert len(document({"description": "x" * 9999}).description) == DESCRIPTION


@pytest.mark.parametrize(
    ("front", "source", "date", "origin"),
    [
        ({"date": "2025-01-02"}, "content/2024-03-01-x.md", "2025-01-02", "front matter"),
        ({}, "content/2024-03-01-x.md", "2024-03-01", "name"),
        ({"path": "/2023/05/06/x"}, "content/x.md", "2023-05-06", "url"),
        ({}, "content/x.md", "", "git"),
        ({}, "content/posts/_index.md", "", ""),
        ({"date": "2025-01-02"}, "content/posts/_index.md", "2025-01-02", "front matter"),
    ],
)
def test_a_date_comes_from_the_nearest_that_says_one(
    front: dict[str, Any], source: str, date: str, origin: str
) -> None:
    found = document(front, source=source)
    assert (found.date[:10], found.date_from) == (date, origin)


@pytest.mark.parametrize("value", ["soon", 3, ["2025-01-01"], {}, "0001-01-01T00:00:00+10:00"])
def test_a_date_that_is_none_is_reported_and_the_next_origin_counts(value: Any) -> None:
    entry = read({"date": value})
    assert codes(entry) == ["document.date"]
    assert entry.document is not None
    assert entry.document.date_from == "git"


@pytest.mark.parametrize("key", ["updated", "lastmod", "modified"])
def test_when_it_was_updated_has_many_names(key: str) -> None:
    assert document({key: "2025-01-02"}).updated == "2025-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("front", "visibility"),
    [
        ({}, "public"),
        ({"draft": False}, "public"),
        ({"draft": None}, "public"),
        ({"visibility": "public"}, "public"),
        ({"draft": True}, "draft"),
        ({"draft": "false"}, "draft"),
        ({"draft": True, "visibility": "public"}, "draft"),
        ({"visibility": "draft"}, "draft"),
        ({"visibility": "private"}, "private"),
        ({"visibility": "Public"}, "private"),
        ({"visibility": ["public"]}, "private"),
        ({"visibility": None}, "private"),
    ],
)
def test_what_is_not_plainly_public_is_hidden(front: dict[str, Any], visibility: str) -> None:
    assert document(front).visibility == visibility


def test_a_header_that_cannot_be_read_leaves_the_document_out() -> None:
    entry = read(problems=({"code": "front-matter.syntax", "line": 3, "reason": "r"},))
    assert list(entry.rows()) == [Problem("content/posts/a-page.md", 3, "front-matter.syntax", "r")]


def test_another_problem_leaves_the_document_in() -> None:
    entry = read(problems=({"code": "markup.odd", "line": 3, "reason": "r"},))
    assert entry.document is not None
    assert codes(entry) == ["markup.odd"]


@pytest.mark.parametrize("front", [{"path": "../../etc/passwd"}, {"path": "admin"}, {"slug": ".."}])
def test_an_address_outside_the_site_leaves_the_document_out(front: dict[str, Any]) -> None:
    entry = read(front)
    assert entry.document is None
    assert codes(entry) == ["document.address"]


def test_aliases_are_kept_once_and_in_order() -> None:
    entry = read({"aliases": ["/z/", "a.html", "z", "/a.html"]})
    source = "content/posts/a-page.md"
    assert entry.aliases == (Alias(source, "/a.html"), Alias(source, "/z"))


@pytest.mark.parametrize("alias", ["/", "../x", "/admin/x", "a\\b", "x" * 2000])
def test_an_alias_that_cannot_be_is_reported_and_the_others_stay(alias: str) -> None:
    entry = read({"aliases": [alias, "/fine"]})
    assert codes(entry) == ["document.alias"]
    assert [each.url for each in entry.aliases] == ["/fine"]


def test_a_document_is_no_alias_of_itself() -> None:
    assert read({"aliases": ["/posts/a-page/"]}).aliases == ()


def test_terms_stand_at_the_top_or_in_zola_s_table() -> None:
    entry = read({"tags": ["Über uns", "b"], "taxonomies": {"topics": ["C"], "other": ["d"]}})
    source = "content/posts/a-page.md"
    assert entry.terms == (
        Term(source, "tags", "b", "b"),
        Term(source, "tags", "uber-uns", "Über uns"),
        Term(source, "topics", "c", "C"),
    )


@pytest.mark.parametrize("value", ["one", ["one"], ["one", "One", None, {}, ["x"], "!!!", ""]])
def test_a_list_of_names_may_be_one_name_and_what_is_none_is_left_out(value: Any) -> None:
    assert [(term.slug, term.name) for term in read({"tags": value}).terms] == [("one", "one")]


def test_names_are_bounded_in_number_and_length() -> None:
    assert len(read({"tags": [f"t{n}" for n in range(MANY + 1)]}).terms) == MANY
    assert read({"tags": "x" * 999}).terms[0].name == "x" * NAME


@pytest.mark.parametrize(
    ("front", "authors"),
    [
        ({"author": "Ada"}, ["Ada"]),
        ({"authors": ["Ada", "Bob"]}, ["Ada", "Bob"]),
        ({"authors": [], "author": "Ada"}, ["Ada"]),
        ({"authors": {"name": "Ada"}}, []),
        ({}, []),
    ],
)
def test_authors_are_a_list_of_names(front: dict[str, Any], authors: list[str]) -> None:
    assert json.loads(document(front).authors) == authors


def test_front_matter_is_kept_as_json_with_sorted_keys() -> None:
    assert document({"b": 1, "a": "é"}).front == '{"a":"é","b":1}'


SOURCE = "content/a.md"
ROWS = st.one_of(
    st.builds(Alias, st.text(), st.text()),
    st.builds(Term, st.text(), st.text(), st.text(), st.text()),
    st.builds(Asset, st.text(), st.text(), st.text(), st.integers()),
    st.builds(Problem, st.text(), st.integers(), st.text(), st.text()),
)


@given(ROWS, ROWS)
def test_rows_have_one_digest_only_if_they_are_one(one: object, other: object) -> None:
    assert (row_digest(one) == row_digest(other)) == (one == other)
    assert 0 <= row_digest(one) < MODULUS


@given(ROWS)
def test_the_values_of_a_row_are_those_of_its_fields(row: Any) -> None:
    assert values_of(row) == astuple(row)


def test_rows_of_two_kinds_with_the_same_values_differ() -> None:
    assert row_digest(KeptFile("a", "b", b"")) != row_digest(Original("a", "b", b""))


def test_the_blob_stands_for_the_bytes() -> None:
    assert row_digest(Original("a", "b", b"x")) == row_digest(Original("a", "b", b"y"))
    assert row_digest(Original("a", "b", b"x")) != row_digest(Original("a", "c", b"x"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "title",
        "date",
        "path",
        "slug",
        "draft",
        "visibility",
        "aliases",
        "tags",
        "taxonomies",
        "author",
        "authors",
        "updated",
    ]
)


@given(st.dictionaries(KEYS, JSON, max_size=6), st.none() | st.text())
def test_no_front_matter_breaks_the_reading(front: dict[str, Any], title: str | None) -> None:
    entry = read(front, title=title)
    assert entry.document or entry.problems
    for row in entry.rows():
        row_digest(row)


@pytest.mark.parametrize("filling", ["\n", "{\n", " \n", '"', "# \n"])
def test_to_find_a_title_s_line_takes_a_time_that_follows_the_text(filling: str) -> None:
    """By the square of its length it would be hours, and no worker stands around it."""
    content = (filling * 200_000).encode()
    parsed = {"front": {"title": "a\0"}, "format": "yaml", "title": "a", "problems": ()}
    entry = read_document(SITE, source="content/a.md", blob="b", content=content, parsed=parsed)
    assert [(each.line, each.code) for each in entry.problems] == [(1, "document.title")]


def test_what_joins_letters_and_emoji_stays_in_a_title() -> None:
    title = "\U0001f469\u200d\U0001f680 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    entry = read({"title": title}, title=title)
    assert entry.document is not None
    assert (entry.document.title, entry.problems) == (title, ())
