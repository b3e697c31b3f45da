"""For which hosts a node answers: `Host` against the settings' names and the site's own. Pure."""

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address

from apps.delivery.ingress.bounds import HOST_LENGTH, HOSTS_REMEMBERED

ANY = "*"
FORM = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_-][A-Za-z0-9._-]*)(?::([0-9]{1,5}))?")


def name_of(host: str) -> str | None:
    """Of a `Host` header: in lower case, without port and final dot; None if it cannot be one."""
    found = FORM.fullmatch(host) if len(host) <= HOST_LENGTH else None
    if found is None or int(found[2] or 0) > 65535:
        return None
    name = found[1].lower()
    if not name.startswith("["):
        return name.removesuffix(".")
    try:
        return f"[{IPv6Address(name[1:-1]).compressed}]"
    except ValueError:
        return None


class Hosts:
    """`names` may begin with a dot, for all below it, or be `*`. A port is not looked at: whoever
    forwards one knows it, and this node need not. `base_url` is that of the site, or None while it
    is not to be had at once."""

    def __init__(self, names: Iterable[str], base_url: Callable[[], str | None]) -> None:
        given = [name.lower().removesuffix(".") for name in names]
        self._exact = frozenset(filter(None, (name_of(name) for name in given)))
        self._below = tuple(name for name in given if name.startswith("."))
        self._any = ANY in given
        self._base_url = base_url
        self._site: str | None = None
        self.seen = set(self._exact)
        """What was let in before, exactly as it was sent: one look tells most requests."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({*self._exact, *self._below, *filter(None, [self._site])}))

    def look(self) -> None:
        """The site's own address counts as well; a commit may change it."""
        address = self._base_url()
        if address is None:
            return
        name = name_of(address.partition("://")[2].partition("/")[0])
        if name != self._site:
            self._site = name
            self.seen.clear()
            self.seen |= self._exact

    def knows(self, name: str, host: str) -> bool:
        """Of a name in the form of `name_of`, and the header that it is from."""
        if name != self._site:
            self.look()
        known = (
            name in self._exact
            or name == self._site
            or self._any
            or any(name.endswith(below) or name == below[1:] for below in self._below)
        )
        if known and len(self.seen) < HOSTS_REMEMBERED:
            self.seen.add(host)
        return known
