"""Where a request comes from: the other end of the connection, never what a header says."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from apps.console.bounds import ADDRESS_PREFIX
from apps.runtime.peers import is_forwarding, is_local


def peer_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


def is_here(request: HttpRequest) -> bool:
    """Whether a program of this machine asks, and not through a proxy."""
    return is_local(peer_of(request), any(map(is_forwarding, request.headers)))


def network(peer: str) -> str:
    """What is limited as one: an address of IPv4, the subscriber's network of IPv6."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, ADDRESS_PREFIX), strict=False))
