from hypothesis import given
from hypothesis import strategies as st

from apps.content.problems import Problem, display_path


def test_a_problem_names_place_reason_and_code() -> None:
    assert str(Problem("a.md", 3, "x.y", "too long")) == "a.md:3: too long [x.y]"


def test_line_zero_is_not_shown() -> None:
    assert str(Problem("a.md", 0, "x.y", "too long")) == "a.md: too long [x.y]"


def test_problems_are_sorted_by_place() -> None:
    found = [Problem("b", 1, "c", "r"), Problem("a", 10, "c", "r"), Problem("a", 2, "c", "r")]
    assert [(p.path, p.line) for p in sorted(found)] == [("a", 2), ("a", 10), ("b", 1)]


def test_a_problem_as_json_has_the_four_fields_of_a_report() -> None:
    assert Problem("a.md", 3, "x.y", "r").as_json() == {
        "path": "a.md",
        "line": 3,
        "code": "x.y",
        "reason": "r",
    }


def test_a_printable_path_is_shown_as_it_is() -> None:
    assert display_path("content/Über uns.md".encode()) == "content/Über uns.md"


def test_bytes_that_nobody_can_read_are_escaped() -> None:
    assert display_path(b"a\nb\xff\x1b[0m.md") == "a\\nb\\xff\\x1b[0m.md"


@given(st.binary(max_size=20))
def test_a_shown_path_can_be_printed_and_stored(raw: bytes) -> None:
    shown = display_path(raw)
    assert shown.isprintable()
    shown.encode("utf-8")


NAMES = st.lists(
    st.sampled_from([b"a", b"\\", b"x", b"\xa0", b"\xc2\xa0", b"0", b"\n", b"n"]), max_size=6
).map(b"".join)


@given(NAMES, NAMES)
def test_two_paths_are_never_shown_alike(one: bytes, other: bytes) -> None:
    """A shown path is a row's key, and a sync removes rows by it."""
    assert (display_path(one) == display_path(other)) == (one == other)
