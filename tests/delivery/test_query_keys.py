"""What a page reads of a query: the first value of a key, decoded, bounded, whatever was sent."""

from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.query_keys import PAIRS, VALUE, query_of, value_of
from apps.delivery.requests import BadPath, decode_query
from tests.tables import each_of


@each_of(
    ("query", "value"),
    [
        ("q=a+b%20c", "a b c"),
        ("x=1&q=a&q=b", "a"),
        ("q", ""),
        ("q=", ""),
        ("%71=a", "a"),
        ("Q=a", None),
        ("", None),
        ("qq=a", None),
        ("q=%C3%A9", "\u00e9"),
        ("q=\u00c3\u00a9", "\u00e9"),
        ("q=%ff", "\ufffd"),
        ("q=%", "%"),
        ("q=a=b;c", "a=b;c"),
    ],
)
def test_the_first_value_of_a_key_is_read(query: str, value: str | None) -> None:
    assert value_of(query, "q") == value


def test_long_values_are_cut_and_of_many_pairs_the_first_are_read() -> None:
    assert value_of(f"q={'a' * (VALUE + 1)}", "q") == "a" * VALUE
    assert value_of("&".join(["x=1"] * (PAIRS - 1) + ["q=a"]), "q") == "a"
    assert value_of("&".join(["x=1"] * PAIRS + ["q=a"]), "q") is None


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_query_is_an_error(query: str) -> None:
    try:
        decode_query(query)
    except BadPath:
        return
    value = value_of(query, "q")
    assert value is None or len(value) <= VALUE


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_value_that_was_read_can_be_asked_for_again(value: str) -> None:
    query = query_of([("?q", value), ("accept-language", "de"), ("?page", None)])
    assert value_of(query, "q") == value
    assert decode_query(query) == query
    assert value_of(query, "page") is None
