from hypothesis import given
from hypothesis import strategies as st

from apps.extensions.known import Known
from apps.extensions.limits import KNOWN_ANSWER_BYTES, KNOWN_BYTES, KNOWN_OVERHEAD

EACH = KNOWN_ANSWER_BYTES + KNOWN_OVERHEAD
MOST = KNOWN_BYTES // EACH


def filled(answers: int) -> Known[int]:
    known: Known[int] = Known()
    for number in range(answers):
        known.keep(b"%d" % number, number, KNOWN_ANSWER_BYTES)
    return known


def test_an_answer_is_known_by_its_event() -> None:
    known = filled(2)
    assert (known.get(b"0"), known.get(b"1"), known.get(b"2")) == (0, 1, None)


def test_of_two_who_asked_at_once_the_first_answer_stays() -> None:
    known = filled(1)
    known.keep(b"0", 7, 1)
    assert (known.get(b"0"), len(known)) == (0, 1)


def test_a_long_answer_is_asked_for_again() -> None:
    known: Known[int] = Known()
    known.keep(b"long", 1, KNOWN_ANSWER_BYTES + 1)
    known.keep(b"as long as may be", 2, KNOWN_ANSWER_BYTES)
    assert (known.get(b"long"), known.get(b"as long as may be")) == (None, 2)


def test_what_was_not_asked_for_longest_makes_room() -> None:
    known = filled(MOST)
    assert len(known) == MOST
    assert known.get(b"0") == 0
    known.keep(b"new", -1, KNOWN_ANSWER_BYTES)
    assert (known.get(b"0"), known.get(b"1"), known.get(b"new")) == (0, None, -1)


def test_what_is_forgotten_leaves_all_its_room() -> None:
    known = filled(MOST)
    known.forget()
    assert len(known) == 0
    for number in range(MOST):
        known.keep(b"%d" % number, number, KNOWN_ANSWER_BYTES)
    assert len(known) == MOST


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, KNOWN_ANSWER_BYTES + 9)), max_size=99))
def test_it_never_holds_more_than_its_bytes_nor_another_answer(
    asked: list[tuple[int, int]],
) -> None:
    known: Known[int] = Known()
    for number, size in asked:
        known.keep(b"%d" % number, number, size)
        assert known.get(b"%d" % number) in (number, None)
    assert len(known) * KNOWN_OVERHEAD <= KNOWN_BYTES
