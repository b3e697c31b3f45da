import pytest
from django.test import RequestFactory

from apps.console.addresses import is_here, network


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_subscriber_is_one_address_however_many_it_has(peer: str, counted: str) -> None:
    assert network(peer) == counted


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_program_of_this_machine_is_here(peer: str) -> None:
    assert is_here(RequestFactory().get("/", REMOTE_ADDR=peer))


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_nobody_is_here_through_a_proxy(header: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={header: "127.0.0.1"})
    assert not is_here(request)


def test_another_machine_is_not_here_whatever_it_says() -> None:
    assert not is_here(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9"))
