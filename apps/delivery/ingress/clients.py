"""Who asks: the other end of the connection, or whom a proxy that is trusted names. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

from apps.delivery.incoming import Incoming
from apps.delivery.ingress.bounds import ADDRESS_LENGTH, ADDRESSES, HOPS

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NOBODY = "unknown"
SUBNET = 64
"""One customer of a provider has this much of IPv6 at least."""
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
FOR = re.compile(r"(?:^|;)\s*for=(?:\"([^\"]*)\"|([^;\s\"]*))\s*(?=;|$)", re.I)


def address_of(text: str) -> Address | None:
    """With or without a port, brackets and a zone. IPv4 that is written as IPv6 is IPv4."""
    # Cut before it is remembered: anybody may have written it.
    return _read(text[:ADDRESS_LENGTH])


@lru_cache(maxsize=ADDRESSES)
def _read(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


@lru_cache(maxsize=ADDRESSES)
def counted_as(peer: str) -> str:
    """What stands for the other end of a connection when requests are counted."""
    return named(address_of(peer))


def named(address: Address | None) -> str:
    """What stands for a client when requests are counted."""
    if address is None:
        return NOBODY
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, SUBNET), strict=False))


class Clients:
    """Headers of a peer that is not trusted are not looked at."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)

    @property
    def trusts_nobody(self) -> bool:
        return not self._trusted

    def of(self, incoming: Incoming) -> str:
        peer = address_of(incoming.peer or "")
        if not self._trusted or peer is None or not self._is_trusted(peer):
            return named(peer)
        forwarded_for, forwarded = incoming.header("x-forwarded-for"), incoming.header("forwarded")
        found = {
            self._behind(peer, hops)
            for text, hops in (
                (forwarded_for, _listed(forwarded_for or "")),
                (forwarded, _forwarded(forwarded or "")),
            )
            if text is not None
        }
        # A proxy writes one of the two and may hand on the other, which anybody can write.
        return named(found.pop() if len(found) == 1 else peer)

    def request_id(self, incoming: Incoming) -> str | None:
        """As a trusted peer names the request, in a form that can be written anywhere."""
        if not self._trusted:
            return None
        given = incoming.header("x-request-id")
        if given is None or not REQUEST_ID.fullmatch(given):
            return None
        peer = address_of(incoming.peer or "")
        return given if peer is not None and self._is_trusted(peer) else None

    def _behind(self, peer: Address, hops: Iterator[Address | None]) -> Address:
        """From the nearest on, as far as each that names the next is trusted."""
        for hop in hops:
            if hop is None or not self._is_trusted(peer):
                break
            peer = hop
        return peer

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _listed(text: str) -> Iterator[Address | None]:
    for each in reversed(text.rsplit(",", HOPS)[-HOPS:]):
        yield address_of(each)


def _forwarded(text: str) -> Iterator[Address | None]:
    """`Forwarded` (RFC 7239); what hides an address ends the way."""
    for each in reversed(text.rsplit(",", HOPS)[-HOPS:]):
        found = FOR.search(each)
        yield address_of(found[1] or found[2] or "") if found else None
