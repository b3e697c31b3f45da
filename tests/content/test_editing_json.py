"""JSON headers: each layout and what one change makes of it, to the byte."""

from datetime import date
from typing import Any

import pytest

from apps.content.editing import ABSENT, Changes
from tests.content.edits import changed, numstat
from tests.tables import each_of

PRETTY = '{\n  "a": "x",\n  "t": [\n    "p",\n    "q"\n  ],\n  "m": {\n    "n": 1\n  }\n}'
COMPACT = '{"a":"x","t":["p","q"],"m":{"n":1}}'


def edited(header: str, changes: Changes) -> str:
    text = changed(f"{header} \nBody\n", changes)
    assert text.endswith(" \nBody\n")
    return text.removesuffix(" \nBody\n")


@each_of("header", [PRETTY, COMPACT])
@each_of(
    ("value", "written"),
    [
        ('say "hi"\\', '"say \\"hi\\"\\\\"'),
        ("two\nlines\t", '"two\\nlines\\t"'),
        ("Ünï 🦀", '"Ünï 🦀"'),
        (1, "1"),
        (1.0, "1.0"),
        (True, "true"),
        (None, "null"),
        (date(2026, 3, 26), '"2026-03-26"'),
        (["b", {"c": 1}], '["b", {"c": 1}]'),
    ],
)
def test_a_value_takes_the_place_of_another(header: str, value: Any, written: str) -> None:
    assert edited(header, {"a": value}) == header.replace('"x"', written)


def test_a_text_in_ascii_with_escapes_stays_so() -> None:
    assert edited('{"a": "\\u00e9"}', {"a": "ü"}) == '{"a": "\\u00fc"}'


@each_of(
    ("changes", "pretty", "compact"),
    [
        ({"b": 1}, ('  "m": {', '  "b": 1,\n  "m": {'), ("1}}", '1},"b":1}')),
        ({"a": ABSENT}, ('  "a": "x",\n', ""), ('"a":"x",', "")),
        ({"m": ABSENT}, (',\n  "m": {\n    "n": 1\n  }', ""), (',"m":{"n":1}', "")),
        ({"m.n": 2}, ('"n": 1', '"n": 2'), ('"n":1', '"n":2')),
        ({"m.o": 2}, ('    "n": 1', '    "o": 2,\n    "n": 1'), ('"n":1', '"n":1, "o":2')),
        ({"m.n": ABSENT}, ('\n    "n": 1\n  }', "\n  }"), ('{"n":1}', "{}")),
        ({"t": ["p", "q", "r"]}, ('"q"', '"q",\n    "r"'), ('"q"', '"q","r"')),
        ({"t": ["o", "p", "q"]}, ('"p"', '"o",\n    "p"'), ('"p"', '"o","p"')),
        ({"t": ["p"]}, (',\n    "q"', ""), (',"q"', "")),
        ({"t": ["q"]}, ('    "p",\n', ""), ('"p",', "")),
        ({"t": []}, ('[\n    "p",\n    "q"\n  ]', "[]"), ('["p","q"]', "[]")),
    ],
)
def test_fields_and_items_keep_their_layout(
    changes: Changes, pretty: tuple[str, str], compact: tuple[str, str]
) -> None:
    assert edited(PRETTY, changes) == PRETTY.replace(*pretty)
    assert edited(COMPACT, changes) == COMPACT.replace(*compact)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{"b": 1}'),
        ("{ }", '{"b": 1}'),
        ('{"a" : 1}', '{"a" : 1, "b" : 1}'),
        ('{"a": 1\n}', '{"a": 1, "b": 1\n}'),
        ('{"a": 1,\n "c": [1,\n 2]}', '{"a": 1,\n "c": [1,\n 2], "b": 1}'),
    ],
)
def test_a_new_field_follows_the_layout_around_it(before: str, after: str) -> None:
    assert edited(before, {"b": 1}) == after


def test_a_new_field_of_a_tall_object_is_one_added_line() -> None:
    for text in (PRETTY, '{\n  "a": 1\n}'):
        assert numstat(f"{text}\n".encode(), changed(f"{text}\n", {"b": 1}).encode()) == (1, 0)
