"""What a server hands to the read half, whatever it speaks: nothing is decoded yet. Pure."""

from collections.abc import Sequence
from typing import Protocol

Headers = tuple[tuple[str, str], ...]
Lines = Sequence[tuple[bytes, bytes]]


class Incoming(Protocol):
    """One request as it came. Every adapter has a small class of this kind; all of it is hostile.

    `path` holds one character for each byte (ISO 8859-1); where `quoted`, it is still
    percent-encoded as it was sent. `peer` is the address of the socket's other end.
    """

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def quoted(self) -> bool: ...
    @property
    def query(self) -> str: ...
    @property
    def lines(self) -> Lines:
        """As they came, for whoever judges them; empty where the server has done so and joined
        them, as for a CGI environment."""

    @property
    def peer(self) -> str | None: ...

    def header(self, name: str) -> str | None:
        """By its lower-case name; several lines are one list (RFC 9110, 5.3). Cheap to ask."""

    def headers(self) -> Headers:
        """All lines, names in lower case."""
