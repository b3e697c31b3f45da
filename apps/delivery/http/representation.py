"""A reply with all that HTTP adds to it, in the codings that were asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Protocol

from apps.delivery.http.encodings import IDENTITY
from apps.delivery.replies import FilePart, Reply

# RFC 9110, 15.4.5: a 304 tells nothing of the representation but what keeps it apart from others.
NOT_IN_304: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "content-range", "accept-ranges"}
)


OVERHEAD: Final = 600
"""Bytes that a representation takes besides its headers and its body, about."""
HEADER: Final = 260
"""Bytes that each of its headers takes besides its characters."""


class Asked(Protocol):
    """As much of a request as decides what is sent of a representation."""

    @property
    def method(self) -> str: ...

    def header(self, name: str) -> str | None:
        """By its lower-case name; several lines are one list (RFC 9110, 5.3)."""


@dataclass(frozen=True, slots=True)
class Representation:
    """`etag` and `modified`, the text of Last-Modified, are None where conditions say nothing."""

    reply: Reply
    unchanged: Reply
    etag: str | None
    modified: str | None
    encoding: str = IDENTITY

    @property
    def length(self) -> int:
        body = self.reply.body
        return body.length if isinstance(body, FilePart) else len(body)

    @property
    def size(self) -> int:
        """Bytes in memory, about. Of headers there is a text, and an octet string for each of the
        two replies."""
        headers = sum(HEADER + 2 * len(name) + 3 * len(value) for name, value in self.reply.headers)
        body = len(self.reply.body) if isinstance(self.reply.body, bytes) else 0
        return OVERHEAD + headers + body


@dataclass(frozen=True, slots=True)
class Representations:
    """One reply as it is and in the codings that somebody wanted so far. Never changed, so it can
    be kept; where it is not `codable` there is only the `whole`."""

    whole: Representation
    codable: bool = False
    lasting: bool = False
    coded: Mapping[str, Representation] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def size(self) -> int:
        """Bytes in memory. A coding that saves nothing is the whole itself."""
        found = {id(each): each for each in (self.whole, *self.coded.values())}
        return sum(each.size for each in found.values())


def representation(reply: Reply, encoding: str = IDENTITY) -> Representation:
    """Of a reply that has all its headers."""
    kept = tuple(pair for pair in reply.headers if pair[0] not in NOT_IN_304)
    return Representation(
        reply=reply,
        unchanged=replace(reply, status=304, headers=kept, body=b""),
        etag=reply.header("etag"),
        modified=reply.header("last-modified"),
        encoding=encoding,
    )
