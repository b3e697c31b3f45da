"""The same representation at another commit: only its Last-Modified differs. Pure."""

from dataclasses import replace
from types import MappingProxyType

from apps.delivery.http.dates import http_date
from apps.delivery.http.representation import Representation, Representations, representation

LAST_MODIFIED = "last-modified"


def dated(kept: Representations, modified: int | None) -> Representations | None:
    """The same value where nothing differs; None where it has to be made anew."""
    if kept.whole.etag is None:
        return kept
    moment = http_date(modified) if modified is not None else None
    if moment == kept.whole.modified:
        return kept
    if moment is None or kept.whole.modified is None:
        return None
    whole = _dated(kept.whole, moment)
    coded = {
        coding: whole if each is kept.whole else _dated(each, moment)
        for coding, each in kept.coded.items()
    }
    return replace(kept, whole=whole, coded=MappingProxyType(coded))


def _dated(each: Representation, moment: str) -> Representation:
    headers = tuple(
        (name, moment if name == LAST_MODIFIED else value) for name, value in each.reply.headers
    )
    return representation(replace(each.reply, headers=headers), each.encoding)
