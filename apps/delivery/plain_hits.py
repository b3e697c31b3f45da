"""The short way to what is in the cache, for requests that ask for nothing but a page.

`Front.quick` says the same of them, with a look at everything that others may ask for.
"""

from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Final

from apps.delivery.caching.cache import ResponseCache
from apps.delivery.caching.entries import Entry
from apps.delivery.http.encodings import preferred
from apps.delivery.http.representation import Representation
from apps.delivery.ingress.clients import counted_as
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.live import LiveSite
from apps.delivery.measures import NO_ROUTE, ROWS, Kind, Measures, Outcome
from apps.delivery.replies import Reply
from apps.delivery.requests import PATH_BYTES

Pair = tuple[str | None, str | None]
Plain = Callable[[str, str | None, Pair, Pair], Reply | None]
"""As `PlainHits.reply`."""

NOTHING: Final[Pair] = (None, None)
UNUSUAL: Final = ("if-match", "if-unmodified-since", "range", "transfer-encoding")
"""Who sends one of these headers is answered with more care."""


class PlainHits:
    """Of a GET without query, body and unusual headers, each header on one line; the adapters make
    sure of it. Only where `ingress` looks at no more than the host and the rate."""

    def __init__(
        self,
        site: LiveSite,
        cache: ResponseCache,
        *,
        unreadable: Reply,
        ingress: Ingress | None = None,
        measures: Measures | None = None,
    ) -> None:
        """`unreadable` is for addresses that cannot name anything."""
        self._unreadable = unreadable
        self._glance = site.glance
        self._kept = cache.store.plain
        self._ingress, self._measures = ingress, measures
        self._hosts = ingress.hosts.seen if ingress else frozenset[str]()
        self._wait = ingress.wait if ingress else None

    def reply(self, path: str, accept: str | None, had: Pair, asker: Pair) -> Reply | None:
        """None for what others have to look at, and then nothing was counted. Never blocks.

        `path` has a character for each byte, none of them encoded; `accept` is Accept-Encoding,
        `had` If-None-Match and If-Modified-Since, NOTHING where neither was sent, `asker` Host and
        the address of the other end. Tuples, as a class for them would cost as much
        as the answer."""
        measures = self._measures
        began = 0.0 if measures is None else perf_counter()
        entry = self._kept.get(path)
        if entry is not None:
            reply = self._held(entry, accept, had)
        else:
            reply = None if path.isprintable() else self._unread(path)
        if reply is None:
            return None
        ingress = self._ingress
        if ingress is not None:
            host, peer = asker
            if host not in self._hosts:
                return None
            if self._wait is not None and (wait := self._wait(path, counted_as(peer or ""))):
                reply, entry = ingress.too_many(wait), None
        if entry is not None:
            entry.hits += 1
        if measures is not None:
            route = (entry.fresh.route or NO_ROUTE) if entry else None
            measures.add(_kind(route, reply.status), perf_counter() - began)
        return reply

    def _unread(self, path: str) -> Reply | None:
        """Of what no longer or stranger address is told."""
        is_short = path.isascii() and path[:1] == "/" and len(path) <= PATH_BYTES
        served = self._glance() if is_short else None
        if served is None or served.routes.is_of_json(path):
            return None
        return self._unreadable

    def _held(self, entry: Entry, accept: str | None, had: Pair) -> Reply | None:
        """In the coding that is wanted, or that it is unchanged; None where that takes more than to
        compare, or where it is not known to hold as the site is served now."""
        served = self._glance()
        token, quarantined, kept = entry.holding
        if (
            served is None
            or token is not served.token
            or quarantined is not served.containment.quarantined
        ):
            return None
        chosen: Representation | None = kept.whole
        if accept and kept.codable and (coding := preferred(accept)):
            chosen = kept.coded.get(coding)
        if chosen is None:
            return None
        if had is NOTHING:
            return chosen.reply
        tag, since = had
        if chosen.etag is None:
            return None
        # A date counts only where there is no tag (RFC 9110, 13.1.3).
        is_had = tag == chosen.etag if tag is not None else since == chosen.modified
        return chosen.unchanged if is_had else None


@lru_cache(maxsize=ROWS)
def _kind(route: str | None, status: int) -> Kind:
    """A refusal has no route."""
    return Kind(route or NO_ROUTE, Outcome.HIT if route else Outcome.REFUSED, status)
