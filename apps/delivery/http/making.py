"""Makes of a reply, once, what is sent many times. Pure."""

from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from apps.delivery.http.coders import coded
from apps.delivery.http.dates import http_date
from apps.delivery.http.encodings import IDENTITY, is_text, preferred
from apps.delivery.http.representation import Asked, Representation, Representations, representation
from apps.delivery.http.sending import (
    HTTPS_ONLY,
    LASTING,
    NOWHERE,
    PLAIN,
    Origin,
    Sending,
    caching,
    surrogate_keys,
)
from apps.delivery.replies import FilePart, Reply, beside_console

CODED_LEAST: Final = 1024
"""Smaller bodies fit into the packets that their headers need anyway."""
CODED_MOST: Final = 4 * 1024 * 1024
DIGITS: Final = 32
"""Of an entity tag, hexadecimal."""
IMMUTABLE: Final = "immutable"
BY_ENCODING: Final = "accept-encoding"
APART: Final = frozenset({"etag", "last-modified", "content-length", "surrogate-key"})
"""What no entity tag is made from: it follows from the bytes, or changes while they do not."""


def represent(reply: Reply, origin: Origin = NOWHERE, sending: Sending = PLAIN) -> Representations:
    """What `reply` is to those who keep it. A `cache-control` and an `etag` of its own stay."""
    if sending.apart:
        reply = beside_console(reply)
    if sending.secure:
        reply = _with(reply, dict([HTTPS_ONLY]))
    keeping = reply.header("cache-control") or caching(reply, origin, sending)
    is_shared = keeping.startswith("public")
    codable = is_shared and _is_codable(reply)
    reply = _with(reply, {"cache-control": keeping})
    if is_shared:
        reply = _with(reply, _shared(origin, sending, codable=codable))
    if is_shared and reply.status == 200:
        reply = _with(reply, _validators(reply, origin))
    return Representations(representation(reply), codable=codable, lasting=IMMUTABLE in keeping)


def completed(kept: Representations, asked: Asked) -> Representations:
    """With the coding that is wanted, which is made where it is not there yet; the same value
    where there is nothing to do. Takes up to some milliseconds: not for an event loop."""
    accept = asked.header("accept-encoding") if kept.codable else None
    coding = preferred(accept) if accept else IDENTITY
    if coding == IDENTITY or coding in kept.coded:
        return kept
    made = _in_coding(kept, coding)
    return replace(kept, coded=MappingProxyType({**kept.coded, coding: made}))


def _in_coding(kept: Representations, coding: str) -> Representation:
    """The whole itself where the coding saves nothing."""
    reply = kept.whole.reply
    assert isinstance(reply.body, bytes)
    body = coded(coding, reply.body, lasting=kept.lasting)
    if len(body) >= len(reply.body):
        return kept.whole
    changed = {"content-length": str(len(body)), "content-encoding": coding}
    reply = replace(reply, body=body)
    if kept.whole.etag:
        changed["etag"] = f'"{_digest(reply)}-{coding}"'
    return representation(_with(reply, changed), coding)


def _shared(origin: Origin, sending: Sending, *, codable: bool) -> dict[str, str]:
    """What those between us and the visitor need."""
    varies = {*origin.headers, BY_ENCODING} if codable else set(origin.headers)
    added = {"vary": ", ".join(sorted(varies))} if varies else {}
    if sending.shared_seconds:
        added["surrogate-key"] = surrogate_keys(origin.keys)
    return added


def _validators(reply: Reply, origin: Origin) -> dict[str, str]:
    """Conditions are for what could be sent with 200 alone (RFC 9110, 13.2.1)."""
    modified = http_date(origin.modified) if origin.modified is not None else None
    added = {"last-modified": modified} if modified else {}
    etag = reply.header("etag")
    if etag is None and isinstance(reply.body, bytes):
        etag = f'"{_digest(reply)}"'
    return {**added, "etag": etag, "accept-ranges": "bytes"} if etag else added


def _digest(reply: Reply) -> str:
    """Of the bytes, and of what is said with them: a browser that has other headers asks for them
    in vain if a 304 cannot take one back."""
    assert isinstance(reply.body, bytes)
    said = "".join(f"{name}: {value}\n" for name, value in reply.headers if name not in APART)
    return sha256(said.encode() + b"\n" + reply.body).hexdigest()[:DIGITS]


def _is_codable(reply: Reply) -> bool:
    if isinstance(reply.body, FilePart) or reply.header("content-encoding"):
        return False
    if reply.status != 200 and reply.status not in LASTING:
        return False
    return (
        is_text(reply.header("content-type") or "") and CODED_LEAST <= len(reply.body) <= CODED_MOST
    )


def _with(reply: Reply, added: dict[str, str]) -> Reply:
    kept = tuple(pair for pair in reply.headers if pair[0] not in added)
    return replace(reply, headers=(*kept, *added.items()))
