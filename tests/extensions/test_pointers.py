"""JSON Pointers, and the patterns of them by which a theme accepts patches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.extensions.pointers import PointerError, accepted, check_pattern, is_inside, segments

PARTS = st.lists(st.text("ab*~/-0", max_size=3), max_size=4)


def written(parts: list[str]) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


@given(PARTS)
def test_a_pointer_is_read_as_it_was_written(parts: list[str]) -> None:
    assert segments(written(parts)) == tuple(parts)


@pytest.mark.parametrize("pointer", ["a", "a/b", "/~", "/~2", "/a~", "#/a", " /a"])
def test_what_is_no_pointer_is_refused(pointer: str) -> None:
    with pytest.raises(PointerError):
        segments(pointer)


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("/meta/*", ["/meta/a", "/meta/-", "/meta/0", "/meta/*", "/meta/"], ["/meta", "/meta/a/b"]),
        ("/meta/**", ["/meta/a", "/meta/a/b/0"], ["/meta", "", "/metadata/a", "/a/meta/b"]),
        ("/items/*/title", ["/items/0/title"], ["/items/title", "/items/0/1/title", "/items/0"]),
        ("/**", ["/a", "/a/b"], [""]),
        ("/a~1b", ["/a~1b"], ["/a/b", "/a"]),
        ("/", ["/"], ["", "/a"]),
    ],
)
def test_a_pattern_takes_what_it_says_and_nothing_else(
    pattern: str, inside: list[str], outside: list[str]
) -> None:
    assert [accepted(each, [pattern]) for each in inside] == [True] * len(inside)
    assert [accepted(each, [pattern]) for each in outside] == [False] * len(outside)


@given(PARTS, st.lists(st.sampled_from(["/a", "/*", "/a/**", "/a/*/b", "/**"]), max_size=3))
def test_the_whole_document_is_never_accepted_and_no_pattern_takes_less_for_being_one_of_many(
    parts: list[str], patterns: list[str]
) -> None:
    assert not accepted("", patterns) and not accepted(written(parts), [])
    taken = any(accepted(written(parts), [pattern]) for pattern in patterns)
    assert accepted(written(parts), patterns) == taken


@pytest.mark.parametrize("pattern", ["", "a", "*", "**", "/a/**/b", "/~x", "/**/*"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PointerError):
        check_pattern(pattern)


def test_a_part_of_something_is_inside_it() -> None:
    assert is_inside("/a/b", "/a") and is_inside("/a", "")
    assert not is_inside("/a", "/a") and not is_inside("/ab", "/a") and not is_inside("", "/a")
