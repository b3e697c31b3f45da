import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.requests import (
    PATH_BYTES,
    BadPath,
    LongPath,
    NotNormal,
    PageRequest,
    decode_headers,
    decode_path,
    decode_query,
    new_id,
)
from tests.tables import each_of


@each_of(
    ("raw", "path"),
    [
        (b"/", "/"),
        (b"/a%20b/", "/a b/"),
        ("/日本/".encode(), "/日本/"),
        (b"/%E6%97%A5/", "/日/"),
        (b"/a+b", "/a+b"),
        (b"/a%2Fb", "/a/b"),
        (b"/100%", "/100%"),
        (b"/%zz", "/%zz"),
        (b"/%252e%252e/", "/%2e%2e/"),
    ],
)
def test_a_path_is_decoded_once(raw: bytes, path: str) -> None:
    assert decode_path(raw, quoted=True) == path


def test_a_path_that_the_server_has_decoded_is_left_alone() -> None:
    assert decode_path(b"/a%20b", quoted=False) == "/a%20b"


@each_of(
    "raw",
    [
        b"a",
        b"",
        b"*",
        b"http://example.org/",
        b"/%00",
        b"/a%0d%0aX:%201",
        b"/%1b[0m",
        b"/a\\b",
        b"/%5c%5cexample.org",
        b"/%ff",
        b"/%c0%ae%c0%ae/",
        b"/%ed%a0%80",
        b"/%E2%80%AE",
        b"/%7f",
    ],
)
def test_a_path_that_names_nothing_is_bad(raw: bytes) -> None:
    with pytest.raises(BadPath):
        decode_path(raw, quoted=True)


def test_the_longest_path_is_read_and_one_more_byte_is_not() -> None:
    longest = b"/" + b"a" * (PATH_BYTES - 1)
    assert decode_path(longest, quoted=True) == longest.decode()
    with pytest.raises(LongPath):
        decode_path(longest + b"a", quoted=True)


@each_of(
    ("raw", "path"),
    [
        (b"//", "/"),
        (b"//a", "/a"),
        (b"/a//", "/a/"),
        (b"///example.org//", "/example.org/"),
        (b"/.", "/"),
        (b"/..", "/"),
        (b"/a/.", "/a/"),
        (b"/a/..", "/"),
        (b"/a/b/../", "/a/"),
        (b"/a/./b", "/a/b"),
        (b"/../../a", "/a"),
        (b"/%2e%2E/a", "/a"),
        (b"/a%2f..%2fb", "/b"),
        (b"/..//example.org", "/example.org"),
    ],
)
def test_a_path_that_is_not_normal_has_one_that_is(raw: bytes, path: str) -> None:
    with pytest.raises(NotNormal) as caught:
        decode_path(raw, quoted=True)
    assert caught.value.path == path
    assert decode_path(path.encode(), quoted=False) == path


@pytest.mark.parametrize("path", ["/", "/a", "/a/", "/.well-known/a", "/a/..b", "/...", "/a./b.."])
def test_a_dot_in_a_name_is_no_segment(path: str) -> None:
    assert decode_path(path.encode(), quoted=True) == path


@given(st.binary(max_size=60), st.booleans())
def test_what_is_read_is_one_printable_line_that_begins_with_a_slash(
    raw: bytes, quoted: bool
) -> None:
    try:
        path = decode_path(b"/" + raw, quoted=quoted)
    except NotNormal as found:
        path = decode_path(found.path.encode(), quoted=False)
    except BadPath:
        return
    assert "//" not in path and not {".", ".."} & set(path.split("/"))
    assert path.startswith("/")
    assert path.isprintable()
    assert "\\" not in path


@pytest.mark.parametrize("query", ["", "a=b&c", "q=%0d%0a", "a=1?b=2", "é"])
def test_a_query_stays_as_it_was_sent(query: str) -> None:
    assert decode_query(query) == query


@pytest.mark.parametrize("query", ["a\r\nX: 1", "a\nb", "a\0", "a b", "\x7f"])
def test_a_query_that_could_end_a_header_is_bad(query: str) -> None:
    with pytest.raises(BadPath):
        decode_query(query)


def asked(*headers: tuple[str, str]) -> PageRequest:
    return PageRequest("GET", "/", "", headers, "id")


def test_header_names_are_lower_case_whatever_was_sent() -> None:
    assert decode_headers([(b"If-None-Match", b'"a"'), (b"X", b"\xe9")]) == (
        ("if-none-match", '"a"'),
        ("x", "é"),
    )


def test_a_header_is_found_by_its_name() -> None:
    request = asked(("a", "1"), ("b", "2"))
    assert (request.header("b"), request.header("c")) == ("2", None)


def test_several_lines_of_one_header_are_one_list() -> None:
    assert asked(("a", '"1"'), ("b", ""), ("a", '"2"')).header("a") == '"1", "2"'


def test_no_two_requests_have_one_id() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 16 and each.isalnum() for each in ids)
