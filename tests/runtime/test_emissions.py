from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.runtime.emissions import EmissionRefused, Event, EventError, check_path, freeze
from apps.runtime.limits import CHAIN_TOPICS, MAX_DEPTH

FINITE = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | FINITE
KEYS = st.text(max_size=3)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=6
)


def thawed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [thawed(item) for item in value]
    return {k: thawed(v) for k, v in value.items()} if hasattr(value, "items") else value


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@settings(max_examples=40)
@given(st.dictionaries(KEYS, JSON, max_size=3))
def test_a_frozen_payload_is_the_same_and_cannot_be_changed(payload: dict[str, Any]) -> None:
    frozen = freeze(payload)
    before = thawed(frozen)
    assert before == payload
    payload["other"] = 1
    for value in payload.values():
        if isinstance(value, list | dict):
            value.clear()
    assert thawed(frozen) == before
    with pytest.raises(TypeError):
        frozen["other"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ([], "must be a mapping"),
        ({1: "a"}, "key must be text"),
        ({"a": {1: "a"}}, "key must be text"),
        ({"a": [object()]}, "object is not JSON-like"),
        ({"a": b"a"}, "bytes"),
        ({"a": {"b"}}, "set"),
        ({"a": float("nan")}, "nan"),
        ({"a": float("-inf")}, "inf"),
        (nested(MAX_DEPTH + 1), "nested deeper"),
    ],
)
def test_a_payload_that_is_not_json_like_is_refused(payload: Any, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        freeze(payload)


def test_a_payload_may_be_nested_up_to_the_bound() -> None:
    assert thawed(freeze(nested(MAX_DEPTH))) == nested(MAX_DEPTH)


@given(st.lists(st.sampled_from("abcdefghijkl"), unique=True, min_size=1))
def test_a_path_without_a_cycle_is_refused_only_when_it_is_too_long(topics: list[str]) -> None:
    event = Event(topics[-1], {}, tuple(topics[:-1]))
    if len(topics) <= CHAIN_TOPICS:
        check_path(event)
        return
    with pytest.raises(EmissionRefused, match=f"more than {CHAIN_TOPICS} topics") as caught:
        check_path(event)
    assert caught.value.chain == tuple(topics)


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.data())
def test_a_topic_that_is_in_its_own_chain_is_refused_and_spelled_out(
    chain: list[str], data: st.DataObject
) -> None:
    again = data.draw(st.sampled_from(chain))
    with pytest.raises(EmissionRefused) as caught:
        check_path(Event(again, {}, tuple(chain)))
    assert str(caught.value) == f"{' → '.join([*chain, again])}: a cycle"
