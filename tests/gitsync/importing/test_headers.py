import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.frontmatter import split
from apps.gitsync.importing.headers import header, moment, plain_text, title_text
from tests.tables import each_of

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(ANY, st.lists(ANY.filter(bool), min_size=1, max_size=3))
@settings(max_examples=25)
def test_what_is_put_in_is_read_again(text: str, listed: list[str]) -> None:
    found = split(header({"title": text, "tags": listed, "id": 7, "draft": True}) + "body")
    assert not found.flaws
    assert found.front == {"title": text, "tags": listed, "id": 7, "draft": True}
    assert found.body == "body"


@each_of("text", ["yes", "No", "null", "12", "1.5", "2020-01-02", "~", "a: b", " x"])
def test_what_yaml_would_take_for_something_else_is_text(text: str) -> None:
    assert split(header({"title": text}) + "x").front == {"title": text}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("A <em>b</em> &amp; c", "A b & c"),
        ("1 < 2 &lt; 3 > 0", "1 < 2 < 3 > 0"),
        ("<Vec<T>> in Rust", "<Vec<T>> in Rust"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("C:\\n \\ 🦊 “x”", "C:\\n \\ 🦊 “x”"),
        ("a\n\tb", "a b"),
    ],
)
def test_a_title_is_text_and_only_its_markup_goes(html: str, text: str) -> None:
    assert title_text(html) == text


def test_a_description_has_no_markup_at_all() -> None:
    assert plain_text("<p>a<!-- b --></p><div>c &gt; d</div>") == "a c > d"


@pytest.mark.parametrize(
    ("local", "gmt", "expected"),
    [
        ("2020-05-06 09:00:00", "2020-05-06 07:00:00", "2020-05-06T09:00:00+02:00"),
        ("2020-05-06 09:00:00", "2020-05-06 14:30:00", "2020-05-06T09:00:00-05:30"),
        ("2020-05-06 09:00:00", "2020-05-06 09:00:00", "2020-05-06T09:00:00Z"),
        ("2020-05-06 09:00:00", "0000-00-00 00:00:00", "2020-05-06T09:00:00Z"),
        ("2020-05-06 09:00:00", "2020-01-01 00:00:00", "2020-01-01T00:00:00Z"),
        ("0000-00-00 00:00:00", "", ""),
        ("soon", "later", ""),
    ],
)
def test_a_moment_keeps_the_clock_of_the_site(local: str, gmt: str, expected: str) -> None:
    assert moment(local, gmt) == expected
