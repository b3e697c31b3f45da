import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.http.ranges import RANGE_CHARACTERS, Unsatisfiable, byte_range
from tests.tables import each_of

SIZES = st.integers(0, 30)
NUMBERS = st.integers(0, 40)


@each_of(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-9", (0, 10)),
        ("bytes=3-5", (3, 3)),
        ("bytes=3-", (3, 7)),
        ("bytes=3-99", (3, 7)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
        ("bytes = 3 - 5 ", (3, 3)),
        ("Bytes=3-5", (3, 3)),
    ],
)
def test_one_range_of_ten_bytes(header: str, part: tuple[int, int]) -> None:
    assert byte_range(header, 10) == part


@each_of(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=\u0663-5",
        "pages=1-2",
        "bytes=" + "9" * 19 + "-",
    ],
)
def test_what_cannot_be_read_or_is_several_ranges_is_the_whole_file(header: str | None) -> None:
    assert byte_range(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-11", "bytes=-0", f"bytes={'9' * 18}-"])
def test_a_range_without_a_byte_of_the_file_is_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(header, 10)


@given(SIZES, NUMBERS, NUMBERS)
def test_a_range_is_the_part_of_the_file_that_python_would_slice(
    size: int, first: int, last: int
) -> None:
    content = list(range(size))
    if last < first:
        assert byte_range(f"bytes={first}-{last}", size) is None
        return
    assert taken(f"bytes={first}-{last}", content) == content[first : last + 1]


@given(SIZES, NUMBERS)
def test_open_ranges_are_the_rest_and_the_end_of_the_file(size: int, number: int) -> None:
    content = list(range(size))
    assert taken(f"bytes={number}-", content) == content[number:]
    assert taken(f"bytes=-{number}", content) == (content[-number:] if number else [])


def taken(header: str, content: list[int]) -> list[int]:
    try:
        part = byte_range(header, len(content))
    except Unsatisfiable:
        return []
    assert part is not None
    start, length = part
    assert length > 0
    assert start + length <= len(content)
    return content[start : start + length]


@given(st.text(max_size=30), SIZES)
def test_no_header_breaks_it(header: str, size: int) -> None:
    try:
        part = byte_range(header, size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part[0] < part[0] + part[1] <= size


def test_a_header_is_read_up_to_a_length_that_no_honest_one_has() -> None:
    spaces = " " * (RANGE_CHARACTERS - len("bytes=3-5"))
    assert byte_range(f"bytes={spaces}3-5", 10) == (3, 3)
    assert byte_range(f"bytes={spaces} 3-5", 10) is None
