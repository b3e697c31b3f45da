"""YAML headers: each style of writing and what one change makes of it, to the byte."""

from typing import Any

import pytest

from apps.content.editing import ABSENT, Changes
from tests.content.edits import changed, refusal, way
from tests.tables import each_of

BLOCK = "tags:\n  - a  # first\n  # own line\n  - b\n\n  - c\nend: 1\n"


def edited(header: str, changes: Changes) -> str:
    text = changed(f"---\n{header}---\nBody\n", changes)
    assert text.startswith("---\n") and text.endswith("---\nBody\n")
    return text[4 : -len("---\nBody\n")]


@each_of(
    ("before", "value", "after"),
    [
        ("a: old\n", "new", "a: new\n"),
        ("a: old # note\n", "new", "a: new # note\n"),
        ("a:   old   \n", "new", "a:   new   \n"),
        ("a: 'old'\n", "it's", "a: 'it''s'\n"),
        ('a: "old"\n', 'say "hi"', 'a: "say \\"hi\\""\n'),
        ('a: "old"\n', "a\tb\\c\x07", 'a: "a\\tb\\\\c\\u0007"\n'),
        ("a: 'old'\n", "two\nlines", 'a: "two\\nlines"\n'),
        ("a: old\n", "a: b", 'a: "a: b"\n'),
        ("a: old\n", "a #b", 'a: "a #b"\n'),
        ("a: old\n", "#b", 'a: "#b"\n'),
        ("a: old\n", "- b", 'a: "- b"\n'),
        ("a: old\n", "yes", 'a: "yes"\n'),
        ("a: old\n", "Null", 'a: "Null"\n'),
        ("a: old\n", "12:30", 'a: "12:30"\n'),
        ("a: old\n", "0o17", 'a: "0o17"\n'),
        ("a: old\n", "1_000", 'a: "1_000"\n'),
        ("a: old\n", "-.inf", 'a: "-.inf"\n'),
        ("a: old\n", "2026-03-26", 'a: "2026-03-26"\n'),
        ("a: old\n", " b", 'a: " b"\n'),
        ("a: old\n", "", 'a: ""\n'),
        ("a: old\n", "b\u2028c", 'a: "b\\u2028c"\n'),
        ("a: old\n", "10 things, [in] {all}", "a: 10 things, [in] {all}\n"),
        ("a: old\n", "Ünïcode 🦀", "a: Ünïcode 🦀\n"),
        ("a: 1\n", 2, "a: 2\n"),
        ("a: True\n", False, "a: False\n"),
        ("a: TRUE\n", None, "a: NULL\n"),
        ("a: 0.5\n", 1e30, "a: 1.0e+30\n"),
        ("a:\n", "new", "a: new\n"),
        ("a:   # note\n", "new", "a: new   # note\n"),
        ("a: &x old\n", "new", "a: &x new\n"),
        ("a: !!str 5\n", "6", 'a: !!str "6"\n'),
        ("a: two\n  lines # note\n", "one", "a: one # note\n"),
        ("a: one\n  two\n  three\n", "one 2 three", "a: one\n  2\n  three\n"),
        ("a: 'one\n  two'\n", "it's two", "a: 'it''s\n  two'\n"),
        ('a: "one\n  two"\n', "one\ttwo", 'a: "one\\ttwo"\n'),
        ("a: 'two\n  lines'\n", "one", "a: 'one'\n"),
        ("a: 2026-03-26\n", "2026-03-27", "a: 2026-03-27\n"),
        ("a: 2026-03-26 10:00 +02:00\n", "2026-03-27T09:00:00+02:00",
         "a: 2026-03-27 09:00:00 +02:00\n"),
        ("a: old\n", ["x", "y, z"], 'a: [x, "y, z"]\n'),
        ("a: [x]\n", "new", "a: new\n"),
        ("a:\n  b: 1\n  c: 2\n", "new", "a: new\n"),
        ("a: &x # note\n  b: 1\n", [], "a: &x [] # note\n"),
        ("? a\n: old\n", "new", "? a\n: new\n"),
    ],
)  # fmt: skip
def test_a_value_is_written_in_the_style_of_the_one_before_it(
    before: str, value: Any, after: str
) -> None:
    around = "# top\nfirst: 'x'\n{}last: [ 1,2 ]  # end\n"
    assert edited(around.format(before), {"a": value}) == around.format(after)


@each_of(
    ("before", "value", "after"),
    [
        ("|\n  one\n  two\n", "one\n2\nthree\n", "|\n  one\n  2\n  three\n"),
        ("|-\n    one\n", "one\n\n two", "|-\n    one\n\n     two\n"),
        ("| # note\n  one\n", "two", "|- # note\n  two\n"),
        ("|\n  one\n", "two\n\n", "|+\n  two\n\n"),
        ("|+\n  one\n\n", "two\n\n", "|+\n  two\n\n"),
        (">\n  one\n  two\n  three\n", "one 2 three\n", ">\n  one\n  2\n  three\n"),
        (">\n  one\n  two\n", "0 one two\n", ">\n  0 one\n  two\n"),
        (">-\n  one\n  more\n", "two\nthree", ">-\n  two\n\n  three\n"),
        ("|\n  one\n", " two\n", '" two\\n"\n'),
        (">\n  one\n", "two\n  three\n", '"two\\n  three\\n"\n'),
        ("|  # note\n  one\n", "", '""  # note\n'),
        ("|2-\n    one\n", "two", "two\n"),
    ],
)
def test_a_block_of_text_stays_one_where_it_can(before: str, value: str, after: str) -> None:
    assert edited(f"a: {before}b: 1\n", {"a": value}) == f"a: {after}b: 1\n"


@each_of(
    ("value", "after"),
    [
        (["a", "b", "c", "d"], BLOCK.replace("- c\n", "- c\n  - d\n")),
        (["0", "a", "b", "c"], BLOCK.replace("- a", '- "0"\n  - a')),
        (["a", "b", "x", "c"], BLOCK.replace("- b\n", "- b\n  - x\n")),
        (["a", "x", "c"], BLOCK.replace("- b\n", "- x\n")),
        (["b", "c"], BLOCK.replace("  - a  # first\n", "")),
        (["a", "c"], BLOCK.replace("  - b\n", "")),
        (["a", "b"], BLOCK.replace("  - c\n", "")),
        (["b", "c", "d"], BLOCK.replace("  - a  # first\n", "").replace("- c\n", "- c\n  - d\n")),
        ([{"id": 1}, "b", "c"], BLOCK.replace("- a ", "- {id: 1} ")),
        ([], "tags: []\nend: 1\n"),
        ("a", "tags: a\nend: 1\n"),
    ],
)
def test_items_of_a_block_list_are_lines(value: Any, after: str) -> None:
    assert edited(BLOCK, {"tags": value}) == after


@each_of(
    ("before", "value", "after"),
    [
        ("t: [a, b]\n", ["a", "b", "c"], "t: [a, b, c]\n"),
        ("t: [a,b]\n", ["a", "b", "c"], "t: [a,b,c]\n"),
        ("t: [ 'a' ]\n", ["a", "b"], "t: [ 'a', 'b' ]\n"),
        ("t: [a, b, ]\n", ["a", "b", "c"], "t: [a, b, c, ]\n"),
        ("t: [a, b, c]\n", ["b", "c"], "t: [b, c]\n"),
        ("t: [a, b, c]\n", ["a", "b"], "t: [a, b]\n"),
        ("t: [a]\n", [], "t: []\n"),
        ("t: []\n", ["a"], "t: [a]\n"),
        ("t: [\n  a,\n  b, # b\n]\n", ["a", "b", "c"], "t: [\n  a,\n  b, # b\n  c,\n]\n"),
        ("t: [\n  a,\n  b # b\n]\n", ["a", "b", "c"], "t: [\n  a,\n  b, # b\n  c\n]\n"),
        ("t: [\n  a, # a\n  b,\n]\n", ["b"], "t: [\n  b,\n]\n"),
        ("t: [\n  a,\n  b\n]\n", ["a"], "t: [\n  a\n]\n"),
        ("t: [\n  b,\n]\n", ["a", "b"], "t: [\n  a,\n  b,\n]\n"),
        ("t:\n- a\n- b\n", ["a", "b", "c"], "t:\n- a\n- b\n- c\n"),
        ("t:\n-   'a'\n", ["a", "b"], "t:\n-   'a'\n-   'b'\n"),
        ("t:\n- - a\n  - b\n", [["a", "b", "c"]], "t:\n- - a\n  - b\n  - c\n"),
        ("t:\n- - a\n  - b\n", [["x", "a", "b"]], "t:\n- - x\n  - a\n  - b\n"),
        ("t:\n- - a\n  - b\n", [["b"]], "t:\n- - b\n"),
        ("t:\n- n: 1\n  u: 2\n", [{"n": 1, "u": 3}], "t:\n- n: 1\n  u: 3\n"),
        ("t:\n- n: 1\n  u: 2\n", [{"u": 2}], "t:\n- u: 2\n"),
        ("t:\n- n: 1\n", [{"n": 1, "u": 2}], "t:\n- n: 1\n  u: 2\n"),
        ("t:\n- id: 1\n", [{"id": 1}, {"id": 2}], "t:\n- id: 1\n- {id: 2}\n"),
    ],
)
def test_a_list_keeps_its_layout(before: str, value: Any, after: str) -> None:
    assert edited(before + "end: 1\n", {"t": value}) == after + "end: 1\n"


@each_of(
    ("before", "changes", "after"),
    [
        ("m:\n  a: 1 # x\n  # c\n", {"m.b": 2}, "m:\n  a: 1 # x\n  b: 2\n  # c\n"),
        ("m:\n    a: 1\n", {"m": {"a": 1, "b": [1]}}, "m:\n    a: 1\n    b: [1]\n"),
        ("m:\n  a: 1\n  b: 2\n", {"m.a": ABSENT}, "m:\n  b: 2\n"),
        ("m:\n  a: 1\n", {"m.a": ABSENT}, "m: {}\n"),
        ("m: {a: 1}\n", {"m.b": "x, y"}, 'm: {a: 1, b: "x, y"}\n'),
        ("m: {a: 1, b: 2}\n", {"m.a": ABSENT}, "m: {b: 2}\n"),
        ("m: {a: 1}\n", {"m.a": ABSENT}, "m: {}\n"),
        ("m: {}\n", {"m.a": 1}, "m: {a: 1}\n"),
        ("m: {a: {b: x}}\n", {"m.a.b": "y, z"}, 'm: {a: {b: "y, z"}}\n'),
        ("m:\n  l: |\n    x\n\n  # c\n", {"m.b": 1}, "m:\n  l: |\n    x\n  b: 1\n\n  # c\n"),
        ("m:\n", {"m.a": 1}, "m: {a: 1}\n"),
        ("? m\n: 1\n", {"m": ABSENT}, ""),
    ],
)
def test_maps_in_maps_are_edited_in_place(before: str, changes: Changes, after: str) -> None:
    assert edited(before + "end: 1\n", changes) == after + "end: 1\n"


@each_of(
    ("before", "changes", "after"),
    [
        ("", {"a": 1}, "a: 1\n"),
        ("# only a comment\n", {"a": 1}, "# only a comment\na: 1\n"),
        ("a: 1 # x\n# end\n\n", {"b": 2}, "a: 1 # x\nb: 2\n# end\n\n"),
        ("title: x\nz: 1\n", {"date": 2}, "title: x\ndate: 2\nz: 1\n"),
        ("a:\n  - x\n  - y\n", {"b": 2}, "a:\n  - x\n  - y\nb: 2\n"),
        ("a: |+\n  x\n\n", {"b": 2}, "a: |+\n  x\n\nb: 2\n"),
        ("a: 'x\n  y'\n", {"b": 2}, "a: 'x\n  y'\nb: 2\n"),
        ("a: 'x'\n", {"b": "y"}, "a: 'x'\nb: 'y'\n"),
        ("a: 1\n...\n", {"b": 2}, "a: 1\nb: 2\n...\n"),
        ("{a: 1}\n", {"b": 2}, "{a: 1, b: 2}\n"),
        ("? a\n: 1\n", {"b": 2}, "? a\n: 1\nb: 2\n"),
        ("a: 1\n", {"two words": 2}, "a: 1\ntwo words: 2\n"),
        ("a: 1\n", {"yes": 2, "a: b": 3}, 'a: 1\n"yes": 2\n"a: b": 3\n'),
        ("a: 1\n# of b\nb: 2 # x\n# of c\nc: 3\n", {"b": ABSENT}, "a: 1\n# of b\n# of c\nc: 3\n"),
        ("a: 1\nb: |\n  x\n\n  y\nc: 3\n", {"b": ABSENT}, "a: 1\nc: 3\n"),
    ],
)
def test_fields_come_and_go_as_lines(before: str, changes: Changes, after: str) -> None:
    assert edited(before, changes) == after


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("d: !!str 5\n", {"d": 7}, "d: 7\n"),
        ("p: !!map {q: 1} # c\n", {"p": ["yes"]}, 'p:              # c\n- "yes"\n'),
        ("u: !!seq\n  - v\n", {"u": []}, "u: []\n"),
        ("g: {a, b: c}\n", {"g.a": "x # y"}, 'g: {a: "x # y", b: c}\n'),
    ],
)
def test_what_cannot_be_spliced_is_written_by_the_library(
    before: str, changes: Changes, after: str
) -> None:
    around = "first:   'x'\n{}last: [ 1,2 ]  # end\n"
    assert edited(around.format(before), changes) == around.format(after)
    assert way(f"---\n{before}---\n", changes) == "REDUMPED"


def test_what_nobody_can_write_is_refused_with_its_line() -> None:
    text = "---\na: 1\n# x\nb: !!map\n  # lost\n  c: 1\n---\n"
    assert refusal(text, {"b": 1}) == ("edit.unsure", 4)
    assert refusal("---\n~\n---\n", {"a": 1}) == ("edit.unsure", 1)
