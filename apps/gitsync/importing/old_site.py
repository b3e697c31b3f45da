"""Addresses of the site that was exported: which are its own, and what they name. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from apps.content.addresses import AddressError, address

SCHEMES: Final = ("http", "https", "")
NUMBERS: Final = ("p", "page_id", "attachment_id")
"""What WordPress calls an item by, in a query."""


@dataclass(frozen=True, slots=True)
class Target:
    """A path as the site had it, `number` of an item where a query names one, and the fragment."""

    path: str
    number: str
    rest: str


@dataclass(frozen=True, slots=True)
class OldSite:
    """`hosts` are those that the site answers at, in lower case."""

    hosts: frozenset[str]

    def target(self, url: str) -> Target | None:
        """None for what is elsewhere."""
        try:
            found = urlsplit(url.strip())
            host = (found.hostname or "").lower()
        except ValueError:
            return None
        if found.scheme.lower() not in SCHEMES or (host and host not in self.hosts):
            return None
        if not host and not found.path.startswith("/") and not found.query:
            return None
        numbers = parse_qs(found.query, max_num_fields=50) if len(found.query) < 2_000 else {}
        number = next((numbers[name][0] for name in NUMBERS if name in numbers), "")
        path = unquote(found.path, errors="replace") or "/"
        return Target(path, number, f"#{found.fragment}" if found.fragment else "")


def old_site(site: Mapping[str, str]) -> OldSite:
    hosts: set[str] = set()
    for name in ("base_blog_url", "link"):
        try:
            host = (urlsplit(site.get(name, "")).hostname or "").lower()
        except ValueError:
            host = ""
        if host:
            bare = host.removeprefix("www.")
            hosts |= {bare, f"www.{bare}"}
    return OldSite(frozenset(hosts))


def as_address(path: str) -> str:
    """As this site has it, with a slash at both ends. Raises AddressError."""
    return address([part for part in path.split("/") if part])


def address_or_none(path: str) -> str | None:
    try:
        return as_address(path)
    except AddressError:
        return None
