"""What a page reads of the query of its address: values of keys that its route declares. Pure.

A key goes by its name with a question mark before it, where headers go by theirs.
"""

from collections.abc import Iterable
from typing import Final, Protocol
from urllib.parse import unquote_to_bytes, urlencode

MARK: Final = "?"
PAIRS: Final = 32
"""Of one query that are looked at."""
VALUE: Final = 300
"""Characters of one value."""


class Asking(Protocol):
    """As much of a request as a response may be made from."""

    @property
    def method(self) -> str: ...
    @property
    def query(self) -> str: ...
    def header(self, name: str) -> str | None: ...


def read(asking: Asking, name: str) -> str | None:
    """A header, or a key of the query; None for one that was not sent."""
    if is_key(name):
        return value_of(asking.query, name.removeprefix(MARK))
    return asking.header(name)


def value_of(query: str, key: str) -> str | None:
    """The first value of a key, decoded; what is no UTF-8 is replaced."""
    for pair in query.split("&", PAIRS)[:PAIRS]:
        name, _, value = pair.partition("=")
        if _decoded(name) == key:
            return _decoded(value)[:VALUE]
    return None


def query_of(named: Iterable[tuple[str, str | None]]) -> str:
    """The query that has these values, of names as `read` takes them; headers are left out."""
    keys = [(name.removeprefix(MARK), v) for name, v in named if v is not None and is_key(name)]
    return urlencode(keys)


def is_key(name: str) -> bool:
    return name.startswith(MARK)


def _decoded(text: str) -> str:
    octets = text.replace("+", " ").encode("latin-1", "replace")
    return unquote_to_bytes(octets).decode("utf-8", "replace")
