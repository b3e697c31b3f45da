"""Proposals are written in cases as they are called in Lua."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.values import ProposalError
from apps.extensions.workshop.notation import inline, line, proposal_of

TABLES: list[dict[str, Any]] = [
    {"metadata": "key", "value": {"a": [1, 2.5, "x", True], "b c": {}}},
    {"status": 410},
    {"header": "x-words", "op": "append", "value": 'a "b"'},
    {"header": "x-words", "op": "remove"},
    {"transform": "main h1", "op": "append_html", "html": "<b>ä</b>\n"},
    {"transform": "main h1", "op": "remove"},
    {"patch": [{"op": "move", "from": "/a", "path": "/b"}, {"op": "remove", "path": "/c"}]},
]
values = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(next(iter(table))))
def test_what_is_shown_can_be_put_into_a_case(table: dict[str, Any]) -> None:
    shown = line(proposal_of(table))
    again = tomllib.loads(f"expect = [{shown}]")["expect"][0]
    assert proposal_of(again) == proposal_of(table)


@settings(max_examples=50)
@given(values)
def test_any_value_is_toml(value: Any) -> None:
    assert tomllib.loads(f"x = {inline(value)}")["x"] == value


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "has one of"),
        ({"status": 410, "header": "x"}, "has one of"),
        ({"status": 1}, "whole number"),
        ({"metadata": "key"}, "value is missing"),
        ({"transform": "h1", "op": "explode"}, "no operation"),
        ({"header": "set-cookie", "value": "x"}, "the host's own"),
    ],
)
def test_what_no_plugin_could_propose_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ProposalError, match=words):
        proposal_of(table)
