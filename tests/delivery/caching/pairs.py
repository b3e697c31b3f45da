"""A site behind a front that keeps responses, beside one that makes each of them afresh."""

from dataclasses import dataclass

from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Answer, Front
from apps.delivery.http.sending import PLAIN, Sending
from apps.delivery.incoming import Headers, Incoming
from apps.delivery.replies import FilePart
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

    def __init__(self, site: Site, room: int = ROOM, how: Sending = PLAIN) -> None:
        self.site = site
        self.cache = ResponseCache(room)
        self.kept = Front(site.live, cache=self.cache, sending=how)
        self.afresh = Front(site.live, sending=how)

    def get(self, path: str, query: str = "", method: str = "GET", **sent: str) -> Seen:
        headers = tuple((name.replace("_", "-"), value) for name, value in sent.items())
        return self.ask(Visit(path, method, query, headers))

    def ask(self, visit: Incoming) -> Seen:
        return seen(self.kept.quick(visit) or self.kept.answer(visit))

    def ask_afresh(self, visit: Incoming) -> Seen:
        return seen(self.afresh.answer(visit))

    def hits(self, path: str, query: str = "", method: str = "GET", **sent: str) -> bool:
        """Whether it is answered from memory alone."""
        headers = tuple((name.replace("_", "-"), value) for name, value in sent.items())
        return self.kept.quick(Visit(path, method, query, headers)) is not None


def seen(answer: Answer) -> Seen:
    reply = answer.reply
    assert dict(answer.more)["x-request-id"]
    body = reply.body
    if isinstance(body, FilePart):
        body = body.path.read_bytes()[body.start : body.start + body.length]
    return Seen(reply.status, reply.headers, body)
