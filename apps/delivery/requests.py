"""A page request as the read half sees it, decoded from whatever server received it. Pure."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import unquote_to_bytes

METHODS = ("GET", "HEAD")
PATH_BYTES = 4096


class BadPath(ValueError):
    """The path cannot name anything here."""

    status = 400


class LongPath(BadPath):
    status = 414


class NotNormal(BadPath):
    """It names what `path` does, in another way."""

    status = 301

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`path` is decoded, `query` is as it was sent, header names are lower-case."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    id: str

    def header(self, name: str) -> str | None:
        """Several lines of one name are one list (RFC 9110, 5.3)."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


class _Ids:
    """A random name of the process, and a number: a random one for each costs more than a page from
    the cache, and nobody has to guess them in vain."""

    __slots__ = ("_numbers", "_process")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._process, self._numbers = secrets.token_hex(3), count(secrets.randbits(39))

    def next(self) -> str:
        return self._process + next(self._numbers).to_bytes(5, "big").hex()


_ids = _Ids()
os.register_at_fork(after_in_child=_ids.begin)
new_id = _ids.next
"""Sixteen hexadecimal digits."""
NOBODYS: Final = "0123456789abcdef"


def as_anybody(path: str) -> PageRequest:
    """What a page is made for that no visitor asked for: the same each time."""
    return PageRequest("GET", path, "", (), NOBODYS)


def decode_path(raw: bytes, *, quoted: bool) -> str:
    """The path as text. Raises BadPath for what is not UTF-8, too long or holds control bytes, and
    for what has another, normal form. A server that decodes shows no difference between a slash
    and an encoded one, so there is none."""
    octets = unquote_to_bytes(raw) if quoted else raw
    if len(octets) > PATH_BYTES:
        raise LongPath
    try:
        path = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadPath from error
    if not path.startswith("/") or not path.isprintable() or "\\" in path:
        raise BadPath
    if ("//" in path or "/." in path) and (normal := normal_path(path)) != path:
        raise NotNormal(normal)
    return path


def normal_path(path: str) -> str:
    """Without empty segments and without `.` and `..` (RFC 3986, 5.2.4). Begins with one slash."""
    *above, last = path.split("/")
    kept: list[str] = []
    for segment in above:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    end = last if last not in (".", "..") else ""
    return "/".join(["", *kept, end])


def decode_query(text: str) -> str:
    """The query as it was sent, for it may end up in a header. Raises BadPath."""
    if not text.isprintable() or " " in text:
        raise BadPath
    return text


def decode_headers(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in pairs)
