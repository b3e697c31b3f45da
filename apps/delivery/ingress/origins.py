"""Which other sites' scripts may read what is served (CORS, in the Fetch standard). Pure."""

from collections.abc import Sequence
from dataclasses import replace

from apps.delivery.incoming import Incoming
from apps.delivery.ingress.bounds import PREFLIGHT_SECONDS
from apps.delivery.ingress.refusals import BAD_ORIGIN, nothing
from apps.delivery.replies import Reply

ANY = "*"
ALLOW = "access-control-allow-origin"
METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = "range, if-range, if-none-match, if-modified-since, cache-control"
EXPOSED = "etag, content-range"
"""What a script may read beside the few that it always may."""


class Origins:
    """Nobody is ever allowed to send cookies along."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._any = ANY in origins
        self._known = frozenset(origins)

    def preflight(self, incoming: Incoming) -> Reply:
        """To OPTIONS, before it is dressed: what may be asked for from here, by whom."""
        origin = incoming.header("origin")
        asked = incoming.header("access-control-request-method")
        if origin is None or asked is None:
            return nothing(("allow", ", ".join(METHODS)))
        if self._allowed(origin) is None:
            return BAD_ORIGIN
        return nothing(
            ("access-control-allow-methods", "GET, HEAD"),
            ("access-control-allow-headers", HEADERS),
            ("access-control-max-age", str(PREFLIGHT_SECONDS)),
        )

    def dressed(self, incoming: Incoming, reply: Reply) -> Reply:
        """With what tells the browser that a script may read it."""
        allowed = self._allowed(incoming.header("origin") or "")
        headers = [pair for pair in reply.headers if pair[0] != "vary"]
        names = [value for name, value in reply.headers if name == "vary"]
        if not self._any:
            names.append("origin")
        if allowed:
            headers = [pair for pair in headers if pair[0] != ALLOW]
            headers += [(ALLOW, allowed), ("access-control-expose-headers", EXPOSED)]
        if names:
            headers.append(("vary", ", ".join(names)))
        return replace(reply, headers=tuple(headers))

    def _allowed(self, origin: str) -> str | None:
        if self._any:
            return ANY
        return origin if origin in self._known else None
