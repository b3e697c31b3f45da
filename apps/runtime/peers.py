"""Who is at the other end of a connection: this machine itself, or anybody else. Pure."""

from ipaddress import ip_address


def is_forwarding(name: str) -> bool:
    """Whether a header of this name is one that proxies add."""
    lower = name.lower()
    return lower in ("forwarded", "via", "x-real-ip") or lower.startswith("x-forwarded")


def is_local(peer: str | None, forwarded: bool) -> bool:
    """`peer` is the address of the other end of the connection. Behind a proxy of this machine
    everybody comes from loopback, so a forwarded request never counts."""
    try:
        return bool(peer) and not forwarded and ip_address(peer or "").is_loopback
    except ValueError:
        return False
