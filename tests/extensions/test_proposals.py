"""A worker's reply becomes typed proposals or reasons, whatever the worker has become."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content import transforms
from apps.extensions import limits
from apps.extensions.proposals import (
    OPERATIONS,
    Header,
    Metadata,
    Patch,
    PatchOperation,
    Status,
    Transform,
    decode_proposals,
)


def json_of(leaves: int) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=leaves,
    )


FIELDS = st.dictionaries(
    st.sampled_from(
        ["kind", "key", "value", "status", "op", "name", "selector", "html", "text", "operations"]
    ),
    st.sampled_from(["metadata", "status", "header", "transform", "patch", "set", "remove", "x-a"])
    | json_of(4),
)


def one(**entry: Any) -> Any:
    proposals, problems = decode_proposals([entry])
    return proposals[0] if proposals else problems[0].removeprefix("proposal 1: ")


def transform(**arguments: Any) -> Any:
    return one(kind="transform", **{"selector": "p", **arguments})


def patch(*operations: Any) -> Any:
    return one(kind="patch", operations=list(operations))


def test_each_kind_is_decoded() -> None:
    assert one(kind="metadata", key="a", value=[1, {"b": None}]) == Metadata("a", (1, {"b": None}))
    assert one(kind="status", status=404) == Status(404)
    assert one(kind="header", op="set", name="X-A", value=" b ") == Header("set", "x-a", "b")
    assert one(kind="header", op="remove", name="X-A") == Header("remove", "x-a", "")
    assert transform(op="unwrap") == Transform("p", "unwrap", {})
    assert patch({"op": "add", "path": "/a", "value": [1]}) == Patch(
        (PatchOperation("add", "/a", "", (1,)),)
    )
    assert patch({"op": "move", "from": "/a", "path": ""}) == Patch(
        (PatchOperation("move", "", "/a"),)
    )


def test_the_operations_are_those_that_can_be_carried_out() -> None:
    assert tuple(OPERATIONS) == transforms.OPS
    for op, names in OPERATIONS.items():
        arguments = dict.fromkeys(names, "title")
        found = transform(op=op, **arguments)
        assert found == Transform("p", op, arguments)
        transforms.decode({"selector": "p", "op": op, **arguments})


@pytest.mark.parametrize("status", [100, 199, 600, -1, 200.0, True, "200", None, [], 10**30])
def test_other_statuses_are_refused(status: Any) -> None:
    assert one(kind="status", status=status) == "status must be a whole number from 200 to 599"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_page_cannot_have_a_status_that_has_no_page(status: int) -> None:
    assert one(kind="status", status=status) == f"an answer with the status {status} has no page"


@pytest.mark.parametrize("status", [200, 599])
def test_the_outermost_statuses_are_taken(status: int) -> None:
    assert one(kind="status", status=status) == Status(status)


@pytest.mark.parametrize("name", ["x a", "x:a", "x\r\n", "ä", "", "x" * 65, None, 1])
def test_other_header_names_are_refused(name: Any) -> None:
    assert str(one(kind="header", op="set", name=name, value="")).startswith("name ")


@pytest.mark.parametrize(
    "value", ["a\r\nb: c", "a\0", "a\x7f", "\u20ac", "x" * 4097, None, "\ud800"]
)
def test_other_header_values_are_refused(value: Any) -> None:
    assert str(one(kind="header", op="set", name="x-a", value=value)).startswith("value ")


@pytest.mark.parametrize(
    "name",
    [
        *("Set-Cookie", "content-length", "Transfer-Encoding", "connection", "Host", "vary"),
        *("Content-Security-Policy", "access-control-allow-origin", "X-Accel-Redirect"),
        "sec-fetch-site",
    ],
)
def test_the_hosts_own_headers_cannot_be_proposed(name: str) -> None:
    for op in ("set", "append", "remove"):
        refused = one(kind="header", op=op, name=name, value="a")
        assert refused == f"the header {name.lower()} is the host's own"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"op": "explode"}, "there is no operation 'explode'"),
        ({"op": ["remove"]}, "there is no operation 'list'"),
        ({"op": "remove", "html": "x"}, "'html' does not belong here"),
        ({"op": "append_html"}, "html is missing"),
        ({"op": "append_html", "html": 1}, "html must be a text, not a int"),
        ({"op": "append_html", "html": "ä" * 8193}, "html is longer than 16384 bytes"),
        ({"op": "remove", "selector": ""}, "selector is empty"),
        ({"op": "remove", "selector": "a\nb"}, "selector 'a\\nb' has control characters"),
        ({"op": "remove", "selector": "a" * 501}, "selector is longer than 500 bytes"),
        ({"op": "add_class", "name": "a b"}, "name 'a b' has characters that are not allowed"),
        ({"op": "remove_attribute", "name": "a>"}, "name 'a>' has characters that are not allowed"),
    ],
)
def test_other_transforms_are_refused(arguments: dict[str, Any], reason: str) -> None:
    assert transform(**arguments) == reason


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (1, "an operation must be a map, not a int"),
        ({"op": "copy", "from": "/a", "path": "/b"}, "there is no operation 'copy'"),
        ({"path": "/a"}, "there is no operation 'NoneType'"),
        ({"op": "add", "path": "/a", "value": 1, "kind": "x"}, "there is no operation 'add'"),
        ({"op": "add", "path": "/a"}, "value is missing"),
        ({"op": "remove", "path": "/a", "from": "/b"}, "'from' does not belong here"),
        ({"op": "remove", "path": 1}, "path must be a text, not a int"),
        ({"op": "remove", "path": "/" + "a" * 500}, "path is longer than 500 bytes"),
        ({"op": "remove", "path": "/\ud800"}, "path is not UTF-8"),
        ({"op": "move", "from": "/a", "path": "/a/b"}, "nothing can be moved into itself"),
        ({"op": "add", "path": "/a", "value": float("inf")}, "value holds a float that is not"),
    ],
)
def test_other_patches_are_refused(operation: Any, reason: str) -> None:
    assert patch(operation).startswith(reason)


def test_a_pointer_that_is_none_is_refused() -> None:
    for pointer in ("a", "/~", "/a~2", "#/a"):
        assert patch({"op": "remove", "path": pointer}).startswith(
            f"path {pointer!r}: a pointer is"
        )


def test_the_operations_and_the_values_of_a_patch_are_bounded_together() -> None:
    remove = {"op": "remove", "path": "/a"}
    assert isinstance(patch(*[remove] * limits.PATCH_OPERATIONS), Patch)
    wrongs: list[Any] = [[], [remove] * (limits.PATCH_OPERATIONS + 1), {}, None]
    for wrong in wrongs:
        assert one(kind="patch", operations=wrong).startswith("a patch is a list of 1 to 64")
    half = {"op": "add", "path": "/a", "value": "x" * (limits.RESULT_BYTES // 2)}
    assert isinstance(patch(half, half), Patch)
    assert patch(half, half, half) == "value is too large"


def test_values_are_bounded_in_depth_number_and_size() -> None:
    def nested(depth: int) -> Any:
        return [nested(depth - 1)] if depth else 1

    def taken(value: Any) -> bool:
        return isinstance(one(kind="metadata", key="a", value=value), Metadata)

    assert taken(nested(limits.RESULT_DEPTH)) and not taken(nested(limits.RESULT_DEPTH + 1))
    assert taken([0] * (limits.RESULT_NODES - 1)) and not taken([0] * limits.RESULT_NODES)
    assert taken("x" * limits.RESULT_BYTES) and not taken("x" * (limits.RESULT_BYTES + 1))
    assert taken(2**63 - 1) and not taken(2**63)
    assert not taken(float("nan")) and not taken({1: 2}) and not taken({"\ud800": 1})


def test_what_is_decoded_cannot_be_changed() -> None:
    value: Any = one(kind="metadata", key="a", value={"b": [1]}).value
    with pytest.raises(TypeError):
        value["b"] = 2
    assert value["b"] == (1,)


def test_proposals_after_the_sixty_fourth_are_left_out_and_said() -> None:
    entries = [{"kind": "status", "status": 200}] * 10_000
    proposals, problems = decode_proposals(entries)
    assert len(proposals) == limits.PROPOSALS
    assert problems == ("10000 proposals; those after 64 are left out",)


@given(json_of(20) | st.lists(FIELDS, max_size=70))
@settings(max_examples=60, deadline=None)
def test_nothing_that_can_be_sent_raises_and_nothing_is_ignored(entries: Any) -> None:
    proposals, problems = decode_proposals(entries)
    if isinstance(entries, list) and len(entries) <= limits.PROPOSALS:
        assert len(proposals) + len(problems) == len(entries)
    assert all(problem.isprintable() for problem in problems)
