"""Answers one request from a representation: coding, conditions, range, HEAD (RFC 9110, 13.2.2)."""

from dataclasses import replace
from typing import Final

from apps.delivery.http.dates import read_date, year_of
from apps.delivery.http.encodings import IDENTITY, preferred
from apps.delivery.http.etags import is_any, strongly, weakly
from apps.delivery.http.ranges import Unsatisfiable, byte_range
from apps.delivery.http.representation import Asked, Representation, Representations
from apps.delivery.http.sending import NEVER
from apps.delivery.replies import FilePart, Reply, plain

CHANGED: Final = "This is not what you have any more.\n"
NO_SUCH_RANGE: Final = "No such range.\n"


def respond(kept: Representations, asked: Asked) -> Reply | None:
    """None where a coding is wanted that is not made yet: `completed` makes it."""
    chosen: Representation | None = kept.whole
    if kept.codable and (accept := asked.header("accept-encoding")):
        coding = preferred(accept)
        if coding != IDENTITY:
            chosen = kept.coded.get(coding)
    if chosen is None:
        return None
    reply = chosen.reply if chosen.etag is None else _conditional(chosen, chosen.etag, asked)
    return reply.without_body() if asked.method == "HEAD" else reply


def _conditional(chosen: Representation, etag: str, asked: Asked) -> Reply:
    header = asked.header
    if _is_lost(chosen, etag, header("if-match"), header("if-unmodified-since")):
        return plain(412, CHANGED, ("cache-control", NEVER))
    if _is_had(chosen, etag, header("if-none-match"), header("if-modified-since")):
        return chosen.unchanged
    wanted = header("range")
    if wanted is None or asked.method != "GET":
        return chosen.reply
    if_range = header("if-range")
    # A date is never strong here: two commits may be of one second, two codings are of one date.
    is_same = if_range is None or if_range.strip(" \t") == etag
    return _part(chosen, wanted) if is_same else chosen.reply


def _is_lost(
    chosen: Representation, etag: str, if_match: str | None, if_unmodified: str | None
) -> bool:
    if if_match is not None:
        return not (is_any(if_match) or strongly(if_match, etag))
    if if_unmodified is None or chosen.modified is None:
        return False
    asked, ours = _moments(if_unmodified, chosen.modified)
    return asked is not None and ours is not None and ours > asked


def _is_had(
    chosen: Representation, etag: str, if_none_match: str | None, if_modified: str | None
) -> bool:
    """Of dates only the very same one counts: after a rollback an earlier one is the newer."""
    if if_none_match is not None:
        return is_any(if_none_match) or weakly(if_none_match, etag)
    if if_modified is None or chosen.modified is None:
        return False
    if if_modified == chosen.modified:
        return True
    asked, ours = _moments(if_modified, chosen.modified)
    return asked is not None and asked == ours


def _moments(asked: str, ours: str) -> tuple[int | None, int | None]:
    year = year_of(ours)
    return read_date(asked, year), read_date(ours, year)


def _part(chosen: Representation, wanted: str) -> Reply:
    """206, 416, or the whole where the range is none that we know."""
    size, reply = chosen.length, chosen.reply
    try:
        part = byte_range(wanted, size)
    except Unsatisfiable:
        spot = ("content-range", f"bytes */{size}")
        return plain(416, NO_SUCH_RANGE, spot, ("cache-control", NEVER))
    if part is None:
        return reply
    start, length = part
    headers = tuple(pair for pair in reply.headers if pair[0] != "content-length")
    headers += (
        ("content-length", str(length)),
        ("content-range", f"bytes {start}-{start + length - 1}/{size}"),
    )
    return replace(reply, status=206, headers=headers, body=_cut(reply.body, start, length))


def _cut(body: bytes | FilePart, start: int, length: int) -> bytes | FilePart:
    if isinstance(body, FilePart):
        return FilePart(body.path, body.start + start, length)
    return body[start : start + length]
