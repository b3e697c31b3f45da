"""Whatever a worker sends becomes a typed value within bounds, or a typed error."""

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.runtime.frames import HEADER, NONCE, FrameDecoder, decode, encode
from tests.fuzzing.judging import check_payload, check_proposals, check_reads
from tests.fuzzing.shapes import AT_A_LIMIT, JSON, PROPOSALS, near_misses

LIMIT = 64

lengths = st.integers(0, 2 * LIMIT) | st.integers(0, 2**32 - 1)
nonces = st.binary(min_size=NONCE, max_size=NONCE)
sizes = st.lists(st.integers(1, LIMIT), min_size=1, max_size=20)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Into reads of these sizes, over and over."""
    ends = itertools.takewhile(lambda end: end < len(data), itertools.accumulate(_endless(sizes)))
    places = [0, *ends, len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places)]


def _endless(sizes: list[int]) -> Any:
    return itertools.cycle(sizes)


@given(st.lists(st.binary(max_size=2 * LIMIT), max_size=20))
def test_any_reads_of_any_bytes(reads: list[bytes]) -> None:
    check_reads(reads, LIMIT)


@given(lengths, nonces, st.binary(max_size=2 * LIMIT), sizes)
def test_any_bytes_after_a_header(length: int, nonce: bytes, body: bytes, sizes: list[int]) -> None:
    check_reads(cut(length.to_bytes(4, "big") + nonce + body, sizes), LIMIT)


@given(JSON, nonces, sizes)
def test_a_message_arrives_however_it_is_cut(value: Any, nonce: bytes, sizes: list[int]) -> None:
    frame = encode(value, 1 << 16, nonce)
    decoder = FrameDecoder(len(frame) - HEADER)
    *before, last = [decoder.feed(read) for read in cut(frame, sizes)]
    assert before == [None] * len(before)
    assert last is not None
    assert (decode(last), decoder.nonce) == (value, nonce)


@given(
    st.binary(max_size=2 * LIMIT) | st.text(alphabet='[]{}",:.0123456789e-tfn\\u ').map(str.encode)
)
def test_any_payload(payload: bytes) -> None:
    check_payload(payload)


@given(st.lists(near_misses(), max_size=4))
@settings(max_examples=200)
def test_what_is_nearly_a_proposal(entries: Any) -> None:
    check_proposals(entries)


@given(JSON | st.lists(JSON, max_size=80) | AT_A_LIMIT)
def test_what_is_no_proposal_at_all(entries: Any) -> None:
    check_proposals(entries)


@given(st.lists(PROPOSALS, min_size=60, max_size=70))
@settings(max_examples=10)
def test_too_many_proposals(entries: Any) -> None:
    check_proposals(entries)
