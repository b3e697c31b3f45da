import itertools
import struct
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.runtime.frames import (
    HEADER,
    LENGTH,
    PARTS_DEEP,
    UNASKED,
    FrameDecoder,
    FrameError,
    FrameTooLongError,
    FrameUnreadableError,
    Part,
    decode,
    encode,
    part,
    size,
    with_nonce,
)
from apps.runtime.limits import MAX_DEPTH

LIMIT = 4096

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places)]


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@given(values, st.lists(st.integers(min_value=0), max_size=5))
def test_a_value_survives_whatever_the_reads_are(value: Any, cuts: list[int]) -> None:
    decoder = FrameDecoder(1 << 20)
    payloads = [decoder.feed(piece) for piece in pieces(encode(value, 1 << 20), cuts)]
    complete = [payload for payload in payloads if payload is not None]
    assert [decode(payload) for payload in complete] == [value]


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_any_bytes_give_a_value_or_a_typed_error(reads: list[bytes]) -> None:
    decoder = FrameDecoder(100)
    try:
        for read in reads:
            payload = decoder.feed(read)
            if payload is not None:
                decode(payload)
    except FrameError:
        return


@given(st.integers(0, 2**32 - 1), st.lists(st.binary(min_size=1, max_size=99), max_size=200))
def test_no_more_is_held_than_the_limit_and_one_read(length: int, reads: list[bytes]) -> None:
    decoder = FrameDecoder(1000)
    try:
        for read in [struct.pack(">I", length), UNASKED, *reads]:
            if decoder.feed(read) is not None:
                return
            assert len(decoder._buffer) <= HEADER + 1000
    except FrameError:
        return


def test_a_length_over_the_limit_is_refused_before_anything_follows() -> None:
    with pytest.raises(FrameTooLongError) as caught:
        FrameDecoder(LIMIT).feed(struct.pack(">I", LIMIT + 1))
    assert (caught.value.length, caught.value.limit) == (LIMIT + 1, LIMIT)


def test_a_length_at_the_limit_is_taken() -> None:
    frame = encode("x" * (LIMIT - 2), LIMIT)
    assert FrameDecoder(LIMIT).feed(frame) == frame[HEADER:]


def test_a_length_over_the_limit_is_refused_before_the_nonce_is_there() -> None:
    decoder = FrameDecoder(LIMIT)
    assert decoder.feed(b"\xff" * (LENGTH - 1)) is None
    with pytest.raises(FrameTooLongError):
        decoder.feed(b"\xff")


@given(values, st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8))
def test_the_decoder_tells_the_nonce_and_it_can_be_changed(
    value: Any, first: bytes, second: bytes
) -> None:
    decoder, frame = FrameDecoder(1 << 20), encode(value, 1 << 20, first)
    payload = decoder.feed(frame)
    assert decoder.nonce == first
    assert decoder.feed(with_nonce(frame, second)) == payload
    assert decoder.nonce == second


@given(values)
def test_the_size_of_a_value_is_that_of_its_message(value: Any) -> None:
    assert size(value) == len(encode(value, 1 << 20)) - HEADER


def test_what_is_too_long_is_not_sent() -> None:
    with pytest.raises(FrameTooLongError):
        encode("x" * (LIMIT - 1), LIMIT)


def test_bytes_after_the_end_are_refused() -> None:
    with pytest.raises(FrameUnreadableError):
        FrameDecoder(LIMIT).feed(encode(1, LIMIT) + b"x")


def test_a_decoder_takes_one_message_after_another() -> None:
    decoder = FrameDecoder(LIMIT)
    assert [decoder.feed(encode(value, LIMIT)) for value in (1, 2)] == [b"1", b"2"]


def test_nesting_is_bounded_in_both_directions() -> None:
    assert decode(encode(nested(MAX_DEPTH), LIMIT)[HEADER:]) == nested(MAX_DEPTH)
    with pytest.raises(FrameUnreadableError):
        encode(nested(MAX_DEPTH + 1), LIMIT)
    with pytest.raises(FrameUnreadableError):
        decode(b"[" * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_integers_beyond_64_bits_are_not_sent(number: int) -> None:
    with pytest.raises(FrameUnreadableError):
        encode(number, LIMIT)


def test_an_integer_beyond_64_bits_is_not_taken() -> None:
    with pytest.raises(FrameUnreadableError):
        decode(b'{"a":[9223372036854775808]}')


@pytest.mark.parametrize("value", [{1: 2}, {1, 2}, object(), "\ud800", b"x"])
def test_what_is_not_json_like_is_not_sent(value: Any) -> None:
    with pytest.raises(FrameUnreadableError):
        encode(value, LIMIT)


@pytest.mark.parametrize("payload", [b"", b"{", b"NaN", b"1e999", b'"\xff"', b'"\\ud800"'])
def test_what_is_not_json_is_not_taken(payload: bytes) -> None:
    with pytest.raises(FrameUnreadableError):
        decode(payload)


def test_a_part_is_encoded_once_and_reads_as_if_it_had_been_put_in_as_it_is() -> None:
    value = {"a": [1, None, "é", {"b": 0.5}]}
    packed = part(value)
    frame = encode({"calls": [Part(packed), Part(packed)]}, LIMIT)
    assert frame == encode({"calls": [value, value]}, LIMIT)


def test_a_part_leaves_room_for_what_is_around_it() -> None:
    deepest: Any = "x"
    for _ in range(MAX_DEPTH - PARTS_DEEP):
        deepest = [deepest]
    assert decode(encode({"calls": [Part(part(deepest))]}, LIMIT)[HEADER:])
    with pytest.raises(FrameUnreadableError):
        part([deepest])


@pytest.mark.parametrize("value", [2**63, {1: 2}, object(), "\ud800"])
def test_what_is_not_json_like_is_no_part(value: Any) -> None:
    with pytest.raises(FrameUnreadableError):
        part(value)
