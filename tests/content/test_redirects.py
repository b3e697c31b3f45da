import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.addresses import MAXIMUM as PATH_MAXIMUM
from apps.content.addresses import AddressError
from apps.content.redirects import MAXIMUM, is_away, target_of
from tests.tables import each_of


@each_of(
    ("said", "target"),
    [
        ("/new/", "/new/"),
        ("/new", "/new"),
        ("//evil.example/x", "/evil.example/x"),
        ("/", "/"),
        ("/größe/", "/größe/"),
        ("https://example.org", "https://example.org"),
        ("HTTP://example.org:8080/a?b#c", "HTTP://example.org:8080/a?b#c"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("https://example.org/ü", "https://example.org/%C3%BC"),
    ],
)
def test_a_target_is_a_path_or_a_url(said: str, target: str) -> None:
    assert target_of(said) == target
    assert is_away(target) is not target.startswith("/")


@each_of(
    "said",
    [
        *("", "new/", "javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "https://"),
        *("https://user:pass@example.org/", "https://exämple.org/", "https://example.org/a b"),
        *("https://example.org/\r\nset-cookie: a=1", "/a/../b/", "/a\\b", "/a\nb", "/a?b", "/a#b"),
        *("https://example.org\\@evil.example/", "https:/example.org", 3, None, ["/a/"]),
        *("/" + "a" * PATH_MAXIMUM, "https://example.org/" + "a" * MAXIMUM),
    ],
)
def test_nothing_else_is(said: object) -> None:
    with pytest.raises(AddressError):
        target_of(said)


@given(st.text(string.printable + "ä\u2028\u202e", max_size=60) | st.text(max_size=40))
def test_whatever_comes_out_can_stand_in_a_header_and_leads_nowhere_else(text: str) -> None:
    for said in (text, "/" + text, "https://example.org" + text, "//" + text):
        try:
            target = target_of(said)
        except AddressError:
            continue
        assert target.isprintable() and "\\" not in target
        if is_away(target):
            assert target.isascii() and target.lower().startswith(("http://", "https://"))
        else:
            assert not target.startswith("//")
