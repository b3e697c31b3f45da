"""How this server sends, and what a reply was made from, as far as others keep it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from apps.delivery.replies import Reply

ASK_FIRST: Final = "public, no-cache"
NEVER: Final = "no-store"
PERSONAL: Final = "private, no-store"
HTTPS_ONLY: Final = ("strict-transport-security", f"max-age={365 * 24 * 60 * 60}")
LASTING: Final = (404, 410)
"""Errors that are as true for everyone else; those below 400 are too."""
WHOLE_SITE: Final = "site"
MANY: Final = "many"
"""What shows more than can be named: to be forgotten with any change."""
KEYS: Final = 64
KEY_CHARACTERS: Final = 96
"""Content networks take a few kilobytes of keys; what a longer one names is told by its digest."""
KEY_SAFE: Final = "/-._~:@!$&'()*+,;="


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """`shared_seconds`: how long a content network may keep a page without asking. `apart`: the
    console of this server must not be within reach of what the site runs. `secure`: this server
    ends TLS itself, so that nobody else says that there is nothing but HTTPS (RFC 6797)."""

    shared_seconds: int = 0
    apart: bool = False
    secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a reply was made from.

    `modified` is when the site last changed, in seconds since 1970; `headers` are the names of the
    request's headers that were read, `keys` what the reply goes with. Of what is not `whole`
    something failed; what is `personal` is for one visitor alone.
    """

    modified: int | None = None
    headers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    whole: bool = True
    personal: bool = False


NOWHERE: Final = Origin()
PLAIN: Final = Sending()


def caching(reply: Reply, origin: Origin, sending: Sending) -> str:
    """Cache-Control (RFC 9111, 5.2.2). With `no-cache` nobody may keep a page without asking, so
    where a content network may, browsers are told in other words."""
    if origin.personal or reply.header("set-cookie") is not None:
        return PERSONAL
    if not origin.whole or (reply.status >= 400 and reply.status not in LASTING):
        return NEVER
    if not sending.shared_seconds:
        return ASK_FIRST
    return f"public, max-age=0, must-revalidate, s-maxage={sending.shared_seconds}"


def surrogate_keys(keys: Iterable[str]) -> str:
    """What a content network may be told to forget: the whole site, or what one page shows."""
    named = sorted({surrogate_key(key) for key in keys})
    return " ".join((WHOLE_SITE, *(named if len(named) <= KEYS else (MANY,))))


def surrogate_key(key: str) -> str:
    """One word, however long the name."""
    word = quote(key, safe=KEY_SAFE)
    return word if len(word) <= KEY_CHARACTERS else sha256(key.encode()).hexdigest()[:32]
