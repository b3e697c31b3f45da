from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.slugs import slugify
from tests.tables import each_of


@each_of(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("What's new?", "what-s-new"),
        ("1.94.1-release", "1-94-1-release"),
        ("Über den Wolken", "uber-den-wolken"),
        ("--a__b--", "a-b"),
        ("日本語", "日本語"),
        ("Привет, мир", "привет-мир"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("", ""),
        ("!!!", ""),
        ("../../etc", "etc"),
    ],
)
def test_a_title_becomes_a_readable_segment(text: str, slug: str) -> None:
    assert slugify(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Straße", "strasse"), ("Smørrebrød", "smorrebrod"), ("Łódź", "lodz"), ("œuvre", "oeuvre")],
)
def test_letters_that_no_accent_makes_are_spelled_out_as_zola_does(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text(max_size=40))
def test_a_slug_is_one_safe_segment_and_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert slug == slug.lower()
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert all(c.isalnum() or c == "-" or category(c).startswith("M") for c in slug)
