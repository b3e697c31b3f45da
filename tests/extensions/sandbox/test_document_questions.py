"""Questions about a body are answered as JSON, in time proportional to it."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions import limits
from apps.extensions.capabilities import CALLS
from apps.extensions.sandbox.document_questions import QUESTIONS, answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(alphabet="ab/~", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet="ab/~01", max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


def asked(question: str, argument: str | None, body: str | None) -> Any:
    said = orjson.loads(answer(question, None if argument is None else argument.encode(), body))
    return said.get("value", said.get("error"))


def pointers(value: Any, at: str = "") -> list[tuple[str, Any]]:
    found = [(at, value)]
    items = dict(enumerate(value)) if isinstance(value, list) else value
    for key, item in items.items() if isinstance(items, dict) else ():
        token = str(key).replace("~", "~0").replace("/", "~1")
        found += pointers(item, f"{at}/{token}")
    return found


def test_the_questions_are_the_host_calls_of_the_table() -> None:
    calls = {call.removeprefix("event.content:") for call in CALLS if ":" in call}
    assert calls == set(QUESTIONS)


@given(JSON)
@settings(deadline=None)
def test_a_pointer_finds_every_value(value: Any) -> None:
    body = orjson.dumps(value).decode()
    for pointer, expected in pointers(value):
        assert asked("json", pointer, body) == expected


@pytest.mark.parametrize("pointer", ["/no", "/a/0/x", "/a/01", "/a/-1", "/a/9", "/a/x"])
def test_a_pointer_to_nothing_is_none(pointer: str) -> None:
    assert asked("json", pointer, '{"a": [1]}') is None


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=3), max_size=4), st.text(alphabet="ab"))
@settings(deadline=None)
def test_a_star_stands_for_anything(pieces: list[str], between: str) -> None:
    assert asked("matches", "*".join(["", *pieces]) or "*", between.join(["", *pieces, ""])) is True


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("a*c", True), ("c*a", False), ("a\\*c", False), ("x", False), ("*", True), ("c\\", False)],
)
def test_pieces_are_found_in_their_order(pattern: str, found: bool) -> None:
    assert asked("matches", pattern, "<p>a <b>b</b> c</p><p title='x'></p>") is found


def test_answers_are_bounded_and_need_a_body() -> None:
    body = orjson.dumps("x" * (limits.ANSWER_BYTES - 2)).decode()
    assert asked("json", "", body) == "json: the answer is over 65536 bytes"
    assert asked("word_count", None, None) == "word_count: there is no text here"
