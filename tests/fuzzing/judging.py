"""What must be true of whatever the two decoders make of hostile bytes; stated anew, not imported.

Each check raises AssertionError, which neither a property test nor a fuzzer takes for an answer.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from apps.extensions import limits
from apps.extensions.proposals import (
    FORBIDDEN_HEADERS,
    OPERATIONS,
    PATCH_OPERATIONS,
    Header,
    Metadata,
    Patch,
    Status,
    Transform,
    decode_proposals,
)
from apps.runtime.frames import HEADER, LENGTH, FrameDecoder, FrameError, decode, encode

INT64 = 2**63
GROWTH = 8
"""Of a number such as 1e15 when it is written out."""
LEAVES = (str, bool, int, float, type(None))


def check_reads(reads: Iterable[bytes], limit: int) -> None:
    """Reads of any size, until a message or an error: no more is held than the limit."""
    decoder, fed = FrameDecoder(limit), b""
    for read in reads:
        fed += read
        claimed = int.from_bytes(fed[:LENGTH], "big") if len(fed) >= LENGTH else 0
        try:
            payload = decoder.feed(read)
        except FrameError:
            assert claimed > limit or len(fed) > HEADER + claimed
            return
        if payload is not None:
            assert len(payload) == claimed <= limit
            assert (decoder.nonce, payload) == (fed[LENGTH:HEADER], fed[HEADER:])
            check_payload(payload)
            return
        assert len(decoder._buffer) == len(fed) < HEADER + max(claimed, 1)
        assert claimed <= limit


def check_payload(payload: bytes) -> Any:
    """The value, where there is one: it can be sent on, and is then the same."""
    try:
        value = decode(payload)
    except FrameError:
        return None
    room = GROWTH * len(payload) + HEADER
    again = FrameDecoder(room).feed(encode(value, room))
    assert again is not None
    assert decode(again) == value
    return value


def check_proposals(entries: Any) -> None:
    """The typed ones are within the limits, the others are accounted for in messages for people."""
    proposals, problems = decode_proposals(entries)
    assert (type(proposals), type(problems)) == (tuple, tuple)
    if type(entries) is list:
        more = len(entries) > limits.PROPOSALS
        assert len(proposals) + len(problems) == min(len(entries), limits.PROPOSALS) + more
    for problem in problems:
        assert type(problem) is str
        assert problem.isprintable()
        assert len(problem) <= limits.MESSAGE_CHARACTERS
    for proposal in proposals:
        CHECKS[type(proposal)](proposal)


def _check_metadata(found: Metadata) -> None:
    assert found.key.isidentifier() and found.key.isascii()
    assert len(found.key) <= limits.METADATA_KEY
    _check_values(found.value)


def _check_status(found: Status) -> None:
    assert type(found.status) is int
    assert 200 <= found.status <= 599


def _check_header(found: Header) -> None:
    assert found.op in ("set", "append", "remove")
    assert found.name == found.name.lower() and found.name.isascii() and found.name.isprintable()
    assert 0 < len(found.name) <= limits.HEADER_NAME
    assert not set(found.name) & set('()<>@,;:\\"/[]?={} ')
    assert found.name not in FORBIDDEN_HEADERS
    assert not found.value or found.op != "remove"
    assert len(found.value.encode()) <= limits.HEADER_VALUE
    assert not set(found.value) & set("\r\n\0")
    assert found.value.encode("latin-1").strip(b" \t") == found.value.encode("latin-1")


def _check_transform(found: Transform) -> None:
    assert tuple(found.arguments) == OPERATIONS[found.op]
    assert type(found.arguments) is MappingProxyType
    assert 0 < len(found.selector.encode()) <= limits.SELECTOR
    assert found.selector.isprintable()
    for value in found.arguments.values():
        assert type(value) is str
        assert len(value.encode()) <= limits.HTML_BYTES


def _check_patch(found: Patch) -> None:
    assert 1 <= len(found.operations) <= limits.PATCH_OPERATIONS
    _check_values(*(each.value for each in found.operations))
    for each in found.operations:
        written = each.as_json()
        assert set(written) == {"op", *PATCH_OPERATIONS[each.op]}
        json.dumps(written, allow_nan=False)
        for pointer in (each.path, each.source):
            assert not pointer or pointer.startswith("/")
            assert len(pointer.encode()) <= limits.POINTER


def _check_values(*values: Any) -> None:
    """Frozen to the ground, and together no larger than one result."""
    nodes = [node for value in values for node in _nodes(value, 1)]
    assert len(nodes) <= limits.RESULT_NODES
    assert sum(len(node.encode()) for node in nodes if type(node) is str) <= limits.RESULT_BYTES


def _nodes(value: Any, depth: int) -> Iterator[Any]:
    yield value
    if isinstance(value, LEAVES):
        assert type(value) is not int or -INT64 <= value < INT64
        assert type(value) is not float or math.isfinite(value)
        return
    assert type(value) in (tuple, MappingProxyType)
    assert depth <= limits.RESULT_DEPTH
    inside = value.values() if isinstance(value, Mapping) else value
    for item in inside:
        yield from _nodes(item, depth + 1)
    if isinstance(value, Mapping):
        for key in value:
            assert type(key) is str
            yield key


CHECKS: dict[type, Any] = {
    Metadata: _check_metadata,
    Status: _check_status,
    Header: _check_header,
    Transform: _check_transform,
    Patch: _check_patch,
}
