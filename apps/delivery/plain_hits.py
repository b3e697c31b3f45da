"""The short way to what is in the cache, for requests that ask for nothing but a page.

`Front.quick` says the same of them, with a look at everything that others may ask for.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apps.delivery.caching.cache import Found, ResponseCache
from apps.delivery.caching.entries import Fresh
from apps.delivery.http.encodings import preferred
from apps.delivery.http.representation import Representation, Representations
from apps.delivery.ingress.ingress import NO_BODY, Ingress
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.requests import PATH_BYTES

Environ = Mapping[str, Any]
Plain = Callable[[Environ], Reply | None]

UNUSUAL: Final = frozenset(
    f"HTTP_{name}" for name in ("IF_MATCH", "IF_UNMODIFIED_SINCE", "RANGE", "TRANSFER_ENCODING")
)
"""Who sends one of these is answered with more care."""


class PlainHits:
    """Of a WSGI environment. Only where `ingress` looks at no more than the host and the rate."""

    def __init__(
        self, site: LiveSite, cache: ResponseCache, ingress: Ingress | None, unreadable: Reply
    ) -> None:
        """`unreadable` is for addresses that cannot name anything."""
        self._unreadable = unreadable
        self._glance = site.glance
        self._spots, self._used = cache.store.spots, cache.store.used
        self._ingress = ingress

    def reply(self, environ: Environ) -> Reply | None:
        found = self.find(environ)
        return None if found is None else found[0]

    def find(self, environ: Environ) -> tuple[Reply, Fresh | None] | None:
        """The reply and what it was made as; that is None for a refusal. None for what others have
        to look at, and then nothing was counted. Never blocks."""
        get = environ.get
        if (
            environ["REQUEST_METHOD"] != "GET"
            or get("QUERY_STRING")
            or get("CONTENT_LENGTH") not in NO_BODY
            or not environ.keys().isdisjoint(UNUSUAL)
        ):
            return None
        path = environ["PATH_INFO"]
        found = self._held(path)
        if found is not None:
            reply = _chosen(found[1], get)
        else:
            reply = None if path.isprintable() else self._unread(path)
        if reply is None:
            return None
        ingress = self._ingress
        if ingress is not None:
            host = get("HTTP_HOST")
            if not host or not ingress.hosts.has_seen(host):
                return None
            if refused := ingress.too_many(path, get("REMOTE_ADDR", "")):
                return refused, None
        if found is None:
            return reply, None
        self._used(found[0])
        return reply, found[0].fresh

    def _unread(self, path: str) -> Reply | None:
        """Of what no longer or stranger address is told."""
        is_short = path.isascii() and path[:1] == "/" and len(path) <= PATH_BYTES
        served = self._glance() if is_short else None
        if served is None or served.routes.is_of_json(path):
            return None
        return self._unreadable

    def _held(self, path: str) -> Found | None:
        """What is known to hold as the site is served now, if it is the same for everybody."""
        spot, served = self._spots.get(path), self._glance()
        if spot is None or served is None or spot.names or not path.isascii():
            return None
        entry = spot.variants.get(())
        if entry is None:
            return None
        token, quarantined, kept = entry.holding
        if token is not served.token or quarantined is not served.containment.quarantined:
            return None
        return entry, kept


def _chosen(kept: Representations, get: Callable[[str], str | None]) -> Reply | None:
    """In the coding that is wanted, or that it is unchanged; None where that takes more than to
    compare."""
    chosen: Representation | None = kept.whole
    accept = get("HTTP_ACCEPT_ENCODING")
    if accept and kept.codable and (coding := preferred(accept)):
        chosen = kept.coded.get(coding)
    if chosen is None:
        return None
    had, since = get("HTTP_IF_NONE_MATCH"), get("HTTP_IF_MODIFIED_SINCE")
    if had is None and since is None:
        return chosen.reply
    if chosen.etag is None:
        return None
    # A date counts only where there is no tag (RFC 9110, 13.1.3).
    is_had = had == chosen.etag if had is not None else since == chosen.modified
    return chosen.unchanged if is_had else None
