"""Header lines that two readers could read differently are not read."""

from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress.bounds import HEADER_BYTES, HEADER_LINES
from apps.delivery.ingress.lines import ONCE, refusal_of
from tests.tables import each_of

Line = tuple[bytes, bytes]
HOST: Line = (b"host", b"example.org")


def status(*lines: Line) -> int | None:
    refused = refusal_of([HOST, *lines])
    return refused.status if refused else None


def test_what_browsers_send_is_read() -> None:
    assert status((b"accept", b"text/html;q=0.9, */*"), (b"x-a", b"a\tb"), (b"x", b"")) is None
    assert status(
        (b"x", "é".encode()), (b"y", b"\xff\xe9"), (b"cookie", b"a"), (b"cookie", b"b")
    ) is (None)
    assert refusal_of([]) is None


@each_of("name", [b"", b"a b", b"a:", b"a\x00", b"a\n", b"\xe9", b"a(b", b'"', b"a/b"])
def test_a_name_that_is_no_token_is_refused(name: bytes) -> None:
    assert status((name, b"x")) == 400


@each_of("octet", [*range(9), *range(10, 32), 127])
def test_a_control_character_in_a_value_is_refused(octet: int) -> None:
    assert status((b"x", b"a" + bytes([octet]) + b"b")) == 400


@each_of("name", sorted(ONCE))
def test_what_may_be_there_once_is_there_once(name: bytes) -> None:
    lines = [] if name == HOST[0] else [(name, b"1")]
    assert status(*lines) is None
    assert status(*lines, (name, b"1")) == 400


def test_lines_have_a_most() -> None:
    lines = [(b"x", b"") for _ in range(HEADER_LINES - 1)]
    assert status(*lines) is None
    assert status(*lines, (b"x", b"")) == 431


def test_bytes_have_a_most() -> None:
    room = HEADER_BYTES - len(b"hostexample.orgx")
    assert status((b"x", b"a" * room)) is None
    assert status((b"x", b"a" * (room + 1))) == 431


@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=12)), max_size=8))
def test_any_lines_are_read_or_refused(lines: list[Line]) -> None:
    if status(*lines) is None:
        for name, value in lines:
            assert name and not any(octet < 32 and octet != 9 for octet in name + value)
