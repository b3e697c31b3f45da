"""A site behind a front that keeps responses, beside one that makes each of them afresh."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from apps.delivery import asgi, wsgi
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Answer, Front
from apps.delivery.http.sending import PLAIN, Sending
from apps.delivery.incoming import Headers, Incoming
from apps.delivery.live import LiveSite
from apps.delivery.replies import FilePart, Reply
from tests.sites import Site

ROOM = 512 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as a server hands it over; `path` is percent-encoded."""

    path: str
    method: str = "GET"
    query: str = ""
    sent: Headers = ()
    quoted: bool = True
    peer: str | None = None
    lines: tuple[tuple[bytes, bytes], ...] = ()

    def header(self, name: str) -> str | None:
        return ", ".join(value for key, value in self.sent if key == name) or None

    def headers(self) -> Headers:
        return self.sent


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visitor got, but for the id of the request."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Pair:
    """`kept` answers from the cache where it can, `afresh` never does."""

    def __init__(
        self,
        site: Site,
        room: int = ROOM,
        how: Sending = PLAIN,
        live: LiveSite | None = None,
    ) -> None:
        self.site = site
        self.cache = ResponseCache(room)
        self.kept = Front(live or site.live, cache=self.cache, sending=how)
        self.afresh = Front(live or site.live, sending=how)
        self._plain = self.kept.plain()

    def get(self, path: str, query: str = "", method: str = "GET", **sent: str) -> Seen:
        headers = tuple((name.replace("_", "-"), value) for name, value in sent.items())
        return self.ask(Visit(path, method, query, headers))

    def ask(self, visit: Incoming) -> Seen:
        """By the short way as well, where that leads anywhere."""
        shorts = [*self._short(visit)]
        answer = seen(self.kept.quick(visit) or self.kept.answer(visit))
        assert all(short is None or kept(short) == answer for short in shorts)
        return answer

    def _short(self, visit: Incoming) -> Iterator[Reply | None]:
        if self._plain is not None:
            yield wsgi.ask_plainly(self._plain, environ(visit))
            yield asgi.ask_plainly(self._plain, scope(visit))

    def ask_afresh(self, visit: Incoming) -> Seen:
        return seen(self.afresh.answer(visit))

    def hits(self, path: str, query: str = "", method: str = "GET", **sent: str) -> bool:
        """Whether it is answered from memory alone."""
        headers = tuple((name.replace("_", "-"), value) for name, value in sent.items())
        return self.kept.quick(Visit(path, method, query, headers)) is not None


def environ(visit: Incoming) -> dict[str, str]:
    """As a WSGI server hands it over."""
    octets = unquote_to_bytes(visit.path) if visit.quoted else visit.path.encode("latin-1")
    named = {f"HTTP_{name.upper().replace('-', '_')}": name for name, _ in visit.headers()}
    return {
        "REQUEST_METHOD": visit.method,
        "PATH_INFO": octets.decode("latin-1"),
        "QUERY_STRING": visit.query,
        **{variable: visit.header(name) or "" for variable, name in named.items()},
    }


def scope(visit: Incoming) -> dict[str, Any]:
    """As an ASGI server hands it over."""
    return {
        "method": visit.method,
        "raw_path": visit.path.encode("latin-1"),
        "query_string": visit.query.encode("latin-1"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in visit.headers()],
    }


def seen(answer: Answer) -> Seen:
    assert dict(answer.more)["x-request-id"]
    return kept(answer.reply)


def kept(reply: Reply) -> Seen:
    body = reply.body
    if isinstance(body, FilePart):
        body = body.path.read_bytes()[body.start : body.start + body.length]
    return Seen(reply.status, reply.headers, body)
