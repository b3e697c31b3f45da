import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.addresses import (
    MAXIMUM,
    RESERVED,
    AddressError,
    address,
    alias_key,
    segments,
)


def test_an_address_has_a_slash_at_both_ends() -> None:
    assert address(["2026", "a-post"]) == "/2026/a-post/"


def test_no_segments_are_the_front_page() -> None:
    assert address([]) == "/"


@pytest.mark.parametrize("text", ["a/b", "/a/b", "a/b/", "//a//b//"])
def test_slashes_around_and_between_segments_do_not_matter(text: str) -> None:
    assert segments(text) == ("a", "b")


@pytest.mark.parametrize("text", ["..", ".", "a/../b", "/./a", "../../etc/passwd", "a/.."])
def test_a_dot_segment_is_refused(text: str) -> None:
    with pytest.raises(AddressError, match="dot segment"):
        segments(text)


@pytest.mark.parametrize("text", ["a\\b", "a\nb", "a\0b", "a\u2028b", "\u202ea", "\x7f"])
def test_what_browsers_rewrite_or_hide_is_refused(text: str) -> None:
    with pytest.raises(AddressError, match="backslash or a control character"):
        segments(text)


@pytest.mark.parametrize("part", ["//evil.example", "/admin", "a//b", "a/../b", "../a", "a/"])
def test_a_part_of_several_segments_is_looked_at_as_they_are(part: str) -> None:
    """An address that begins with two slashes leads to another site."""
    for parts in ([part], ["x", part]):
        with pytest.raises(AddressError):
            address(parts)


def test_dots_within_a_segment_are_taken() -> None:
    assert segments("release-1.94.1/..a/a..") == ("release-1.94.1", "..a", "a..")


@pytest.mark.parametrize("name", RESERVED)
def test_what_belongs_to_the_server_is_refused(name: str) -> None:
    with pytest.raises(AddressError, match="reserved"):
        address([name, "x"])
    assert address(["x", name]) == f"/x/{name}/"


def test_a_reserved_name_cannot_hide_in_a_joined_segment() -> None:
    with pytest.raises(AddressError, match="reserved"):
        address(["admin/x"])


def test_the_longest_address_is_taken_and_one_more_character_is_not() -> None:
    assert len(address(["a" * (MAXIMUM - 2)])) == MAXIMUM
    with pytest.raises(AddressError, match=str(MAXIMUM)):
        address(["a" * (MAXIMUM - 1)])


def test_the_longest_text_is_read_and_one_more_character_is_not() -> None:
    assert segments("a" * MAXIMUM) == ("a" * MAXIMUM,)
    with pytest.raises(AddressError, match=str(MAXIMUM)):
        segments("a" * (MAXIMUM + 1))


@pytest.mark.parametrize("text", ["/old/name", "old/name/", "/old/name/"])
def test_an_alias_is_found_with_and_without_its_last_slash(text: str) -> None:
    assert alias_key(text) == "/old/name"


@pytest.mark.parametrize("text", ["", "/", "///"])
def test_the_front_page_is_no_alias(text: str) -> None:
    with pytest.raises(AddressError, match="front page"):
        alias_key(text)


def test_an_alias_cannot_take_what_is_reserved() -> None:
    with pytest.raises(AddressError, match="reserved"):
        alias_key("/admin")


@given(st.text(max_size=60))
def test_whatever_is_taken_names_the_same_segments_again(text: str) -> None:
    try:
        path = address(segments(text))
    except AddressError:
        return
    assert segments(path) == segments(text)
    assert path.startswith("/")
    assert path.endswith("/")
    assert "//" not in path
    assert path.isprintable()
