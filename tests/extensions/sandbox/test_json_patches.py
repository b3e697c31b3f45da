"""Patches of a page that is JSON: in their order, each whole or not at all, within bounds."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions import limits
from apps.extensions.proposals import Patch, decode_proposals
from apps.extensions.sandbox.json_patches import NOT_JSON, TOO_MUCH, carry_out

PAGE = '{ "b": [1, 2, {"c": "\u00e9"}],\n "a": {"x": 1, "y": null} }'
KEYS = st.sampled_from(["a", "b", "0", "1", "-", "x", ""])
POINTERS = st.lists(KEYS, max_size=3).map(lambda parts: "".join("/" + part for part in parts))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OPERATIONS = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "test"]), "path": POINTERS, "value": JSON}
    ),
    st.fixed_dictionaries({"op": st.just("remove"), "path": POINTERS}),
    st.fixed_dictionaries({"op": st.just("move"), "from": POINTERS, "path": POINTERS}),
)


def patched(*patches: list[dict[str, Any]], text: str = PAGE) -> tuple[str, list[Any]]:
    changed, dropped = carry_out(text, [{"operations": each, "by": "p"} for each in patches])
    return changed, list(dropped)


def add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def test_without_a_patch_that_works_the_page_keeps_its_bytes() -> None:
    assert patched() == (PAGE, [])
    assert patched([{"op": "remove", "path": "/none"}])[0] == PAGE


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (add("/b/-", 3), '{"b":[1,2,{"c":"\u00e9"},3],"a":{"x":1,"y":null}}'),
        (add("/b/0", 0), '{"b":[0,1,2,{"c":"\u00e9"}],"a":{"x":1,"y":null}}'),
        ({"op": "remove", "path": "/a/x"}, '{"b":[1,2,{"c":"\u00e9"}],"a":{"y":null}}'),
        ({"op": "replace", "path": "/a", "value": []}, '{"b":[1,2,{"c":"\u00e9"}],"a":[]}'),
        (
            {"op": "move", "from": "/b/2/c", "path": "/a/z"},
            '{"b":[1,2,{}],"a":{"x":1,"y":null,"z":"\u00e9"}}',
        ),
        (
            {"op": "test", "path": "/a/y", "value": None},
            '{"b":[1,2,{"c":"\u00e9"}],"a":{"x":1,"y":null}}',
        ),
    ],
)
def test_each_operation_does_what_the_rfc_says_and_keys_keep_their_order(
    operation: dict[str, Any], expected: str
) -> None:
    assert patched([operation]) == (expected, [])


def test_a_patch_that_fails_half_way_leaves_nothing_behind_and_the_others_go_on() -> None:
    failing = [add("/a/new", 1), {"op": "test", "path": "/a/x", "value": 2}]
    changed, dropped = patched([add("/a/z", 1)], failing, [add("/a/z", 2)])
    assert orjson.loads(changed)["a"] == {"x": 1, "y": None, "z": 2}
    assert dropped == [{"index": 1, "reason": "its test of '/a/x' failed"}]


def test_patches_see_what_the_ones_before_have_made() -> None:
    move = [{"op": "move", "from": "/new", "path": "/a/x"}]
    changed, dropped = patched([add("/new", [7])], move, move)
    assert orjson.loads(changed)["a"]["x"] == [7]
    assert [each["index"] for each in dropped] == [2]


@pytest.mark.parametrize("text", ["", "{", "<p>", "NaN", "{}{}", "[" * 2000, "[" * 400 + "]" * 400])
def test_what_is_not_json_or_too_deep_to_be_written_stays_what_it_is(text: str) -> None:
    changed, dropped = patched([add("/a", 1)], [add("/b", 1)], text=text)
    assert changed == text
    assert [each["reason"] for each in dropped] == [NOT_JSON] * 2


def test_the_size_and_the_depth_of_the_page_are_bounded() -> None:
    filled = orjson.dumps({"a": "x" * (limits.PATCHED_BYTES - 20)}).decode()
    assert patched([add("/b", 1)], text=filled)[1] == []
    changed, (dropped,) = patched([add("/b", "x" * 100)], text=filled)
    assert changed == filled and "larger" in dropped["reason"]
    nest = [
        {"op": "move", "from": "/a", "path": "/n/a"},
        {"op": "move", "from": "/n", "path": "/a"},
    ]
    changed, late = patched(*[[add("/n", {}), *nest]] * 300)
    assert orjson.loads(changed)
    assert late and len(late) < 100


def test_the_work_of_all_patches_is_bounded_and_the_first_ones_count() -> None:
    text = orjson.dumps({"a": "x" * 500_000}).decode()
    patches = [[add(f"/n{n}", n)] for n in range(20)]
    changed, dropped = patched(*patches, text=text)
    fitting = limits.PATCHING_WORK // (limits.PATCH_PAGE_COST * 500_000)
    assert len(patches) - len(dropped) in (fitting - 1, fitting)
    assert {each["reason"] for each in dropped} == {TOO_MUCH}
    assert "n0" in orjson.loads(changed)


@given(st.lists(st.lists(OPERATIONS, min_size=1, max_size=4), max_size=4), JSON)
@settings(max_examples=150, deadline=None)
def test_whatever_is_patched_the_page_is_json_and_each_patch_is_done_or_told(
    patches: list[list[dict[str, Any]]], page: Any
) -> None:
    text = orjson.dumps(page).decode()
    changed, dropped = patched(*patches, text=text)
    orjson.loads(changed)
    assert all(each["reason"] for each in dropped)
    places = [each["index"] for each in dropped]
    assert places == sorted(set(places))
    done = [patch for place, patch in enumerate(patches) if place not in places]
    assert patched(*done, text=text)[0] == changed


@given(st.lists(OPERATIONS, min_size=1, max_size=3))
def test_what_is_decoded_is_carried_out_as_it_was_sent(operations: list[dict[str, Any]]) -> None:
    proposals, problems = decode_proposals([{"kind": "patch", "operations": operations}])
    if problems:
        assert "moved into itself" in problems[0]
        return
    (proposal,) = proposals
    assert isinstance(proposal, Patch)
    assert [each.as_json() for each in proposal.operations] == operations
