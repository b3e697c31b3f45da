"""A node answers under its own names, and one look is enough for a name that it knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress.bounds import HOSTS_REMEMBERED
from apps.delivery.ingress.hosts import Hosts, name_of
from tests.tables import each_of


def hosts(*names: str, base_url: str | None = "") -> Hosts:
    return Hosts(names, lambda: base_url)


def answers(found: Hosts, host: str) -> bool:
    if host in found.seen:
        return True
    name = name_of(host)
    return name is not None and found.knows(name, host)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("example.org", "example.org"),
        ("EXAMPLE.org.:8000", "example.org"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("[0:0:0:0:0:0:0:1]:8000", "[::1]"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a_b.internal", "a_b.internal"),
        ("example.org:65535", "example.org"),
    ],
)
def test_a_host_is_read_without_port_case_and_final_dot(host: str, name: str) -> None:
    assert name_of(host) == name


@each_of(
    "host",
    [
        *("", ".", ":80", "a b", "a,b", "a, a", "a/b", "a@b", "a:b", "a:80:80", "a:65536", "a:-1"),
        *("[::1", "::1", "[::1]a", "[1.2.3.4]", "[g::]", "bücher", "a\x00", "a\n", "a:80\n", "a?b"),
        *("a" * 262, "http://a", "a#b", "a\\b", ".a"),
    ],
)
def test_what_cannot_be_a_host_is_none(host: str) -> None:
    assert name_of(host) is None


def test_a_known_name_is_answered_with_any_port_and_others_are_not() -> None:
    found = hosts("example.org", "[::1]", "127.0.0.1")
    for host in ("example.org", "Example.Org:81", "example.org.", "[::1]:80", "127.0.0.1"):
        assert answers(found, host), host
    for host in ("example.com", "www.example.org", "xexample.org", "example.org.evil.com", "[::2]"):
        assert not answers(found, host), host


def test_a_dot_stands_for_all_below_and_a_star_for_everybody() -> None:
    below = hosts(".example.org")
    assert answers(below, "a.b.example.org") and answers(below, "example.org")
    assert not answers(below, "badexample.org")
    assert answers(hosts("*"), "whatever.example")


def test_the_address_of_the_site_counts_and_follows_the_commit() -> None:
    base_url: list[str | None] = ["https://One.example:444/blog"]
    found = Hosts(["localhost"], lambda: base_url[0])
    assert answers(found, "one.example") and answers(found, "one.example:444")
    base_url[0] = "https://two.example"
    assert answers(found, "two.example") and not answers(found, "one.example")
    base_url[0] = None
    assert answers(found, "two.example") and not answers(found, "three.example")
    assert found.names == ("localhost", "two.example")


def test_what_was_let_in_is_remembered_up_to_a_bound() -> None:
    found = hosts("example.org")
    for port in range(2 * HOSTS_REMEMBERED):
        assert answers(found, f"example.org:{port}")
    assert sum(f"example.org:{port}" in found.seen for port in range(2 * HOSTS_REMEMBERED)) == (
        HOSTS_REMEMBERED - 1
    )
    assert "example.org" in found.seen


def test_what_was_refused_is_not_remembered() -> None:
    found = hosts("example.org")
    assert not answers(found, "example.com") and "example.com" not in found.seen


@given(st.text(max_size=40))
def test_any_text_is_a_name_in_one_form_or_none(host: str) -> None:
    name = name_of(host)
    if name is not None:
        assert name == name.lower() and name_of(name) == name
        assert not answers(hosts("example.org"), host) or name == "example.org"
