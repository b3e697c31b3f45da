"""Who asks cannot be said by who asks."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress import clients
from apps.delivery.ingress.bounds import ADDRESS_LENGTH, HOPS
from apps.delivery.ingress.clients import NOBODY, Clients, address_of
from tests.delivery.ingress.asking import by_asgi, by_wsgi

PROXY, OTHER = "10.0.0.1", "10.0.0.2"
TRUSTED = Clients([ip_network("10.0.0.0/8"), ip_network("::1")])


def client(*headers: tuple[str, str], peer: str | None = PROXY) -> str:
    found = {TRUSTED.of(by(*headers, peer=peer)) for by in (by_asgi, by_wsgi)}
    assert len(found) == 1
    return found.pop()


def forwarded_for(*hops: str, peer: str = PROXY) -> str:
    return client(("x-forwarded-for", ", ".join(hops)), peer=peer)


def test_without_proxies_it_is_the_peer_whatever_the_headers_say() -> None:
    asked = by_asgi(("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=1.1.1.1"), peer="192.0.2.7")
    assert Clients(()).of(asked) == "192.0.2.7"


def test_the_headers_of_a_peer_that_is_not_trusted_are_not_looked_at() -> None:
    assert forwarded_for("1.1.1.1", peer="192.0.2.7") == "192.0.2.7"
    assert client(("forwarded", "for=1.1.1.1"), peer="192.0.2.7") == "192.0.2.7"


def test_a_trusted_peer_names_the_client() -> None:
    assert forwarded_for("192.0.2.7") == "192.0.2.7"
    assert client(("forwarded", "for=192.0.2.7;proto=https;by=10.0.0.1")) == "192.0.2.7"


def test_it_is_read_from_the_right_and_what_the_client_wrote_itself_is_left() -> None:
    assert forwarded_for("1.1.1.1", "192.0.2.7") == "192.0.2.7"
    assert forwarded_for("1.1.1.1", "192.0.2.7", OTHER) == "192.0.2.7"
    assert forwarded_for(OTHER, "192.0.2.7", OTHER) == "192.0.2.7"
    assert client(("forwarded", "for=1.1.1.1, for=192.0.2.7, for=10.0.0.2")) == "192.0.2.7"


def test_several_lines_are_one_list() -> None:
    lines = (("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "192.0.2.7"))
    assert client(*lines) == "192.0.2.7"


def test_where_the_two_headers_disagree_neither_is_believed() -> None:
    """A proxy writes one of them and may hand on the other as the client wrote it."""
    disagreeing = (("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=1.1.1.1"))
    assert client(*disagreeing) == PROXY
    assert client(("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.7")) == "192.0.2.7"


def test_all_trusted_is_the_farthest() -> None:
    assert forwarded_for("10.0.0.9", OTHER) == "10.0.0.9"
    assert client() == PROXY


@pytest.mark.parametrize("text", ["", "unknown", "_hidden", "a b", "1.2.3", "999.1.1.1", "::g"])
def test_what_is_no_address_ends_the_way(text: str) -> None:
    assert forwarded_for("1.1.1.1", text) == PROXY
    assert forwarded_for("1.1.1.1", text, OTHER) == OTHER
    assert client(("forwarded", f'for="{text}"')) == PROXY


def test_only_so_many_hops_are_read() -> None:
    assert forwarded_for("192.0.2.7", *([OTHER] * (HOPS - 1))) == "192.0.2.7"
    assert forwarded_for("192.0.2.7", *([OTHER] * HOPS)) == OTHER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7:50000", "192.0.2.7"),
        ("[2001:db8::7]:50000", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_one_client_has_one_name(text: str, expected: str) -> None:
    assert forwarded_for(text) == expected
    assert client(("forwarded", f'For="{text}"')) == expected


def test_a_mapped_peer_is_trusted_like_itself() -> None:
    assert forwarded_for("192.0.2.7", peer="::ffff:10.0.0.1") == "192.0.2.7"


@pytest.mark.parametrize("peer", [None, "", "unix:", "testclient"])
def test_a_peer_without_an_address_is_nobody_and_not_trusted(peer: str | None) -> None:
    assert client(("x-forwarded-for", "1.1.1.1"), peer=peer) == NOBODY


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.booleans())
def test_whatever_is_forwarded_there_is_a_client(text: str, is_forwarded: bool) -> None:
    name = "forwarded" if is_forwarded else "x-forwarded-for"
    found = TRUSTED.of(by_asgi((name, text), peer=PROXY))
    assert found == PROXY or address_of(found.partition("/")[0])


@given(st.text(max_size=60))
def test_nobody_who_is_not_trusted_can_choose_a_name(text: str) -> None:
    headers = ("x-forwarded-for", f"{text.encode().hex()}, {text.encode().hex()}, 192.0.2.7")
    assert client(headers) == "192.0.2.7"


@pytest.mark.parametrize("given", ["a" * 8, "a" * 64, "0123-ABC_xyz"])
def test_a_trusted_peer_names_the_request(given: str) -> None:
    for by in (by_asgi, by_wsgi):
        assert TRUSTED.request_id(by(("x-request-id", given), peer=PROXY)) == given


@pytest.mark.parametrize("given", ["", "a" * 7, "a" * 65, "a b c d e f", "abcdefg\n", "\u00e9" * 9])
def test_a_name_that_could_not_be_written_anywhere_is_none(given: str) -> None:
    for by in (by_asgi, by_wsgi):
        assert TRUSTED.request_id(by(("x-request-id", given), peer=PROXY)) is None


def test_nobody_else_names_a_request() -> None:
    for by in (by_asgi, by_wsgi):
        asked = by(("x-request-id", "given-by-a-visitor"), peer="192.0.2.7")
        assert TRUSTED.request_id(asked) is None
        assert Clients(()).request_id(by(("x-request-id", "whatever1"), peer=PROXY)) is None


def test_of_what_is_remembered_nothing_is_longer_than_an_address() -> None:
    end = "x" * ADDRESS_LENGTH
    assert (
        address_of(f"192.0.2.7:{end}") == address_of("192.0.2.7") != address_of(f"{end}192.0.2.7")
    )
    kept = clients._read.cache_info().currsize
    for length in (1, 2, 3):
        assert address_of(end + "y" * length) is None
    assert clients._read.cache_info().currsize == kept
