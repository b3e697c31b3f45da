"""TOML headers: each style of writing and what one change makes of it, to the byte."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.content.bounds import MAX_REDUMPED
from apps.content.editing import ABSENT, Changes
from tests.content.edits import changed, refusal, way
from tests.tables import each_of

LINES = 't = [\n    "a", # first\n    # own line\n    "b",\n]\n'
OPEN = "t = [\n    'a', # first\n    'b' # last\n]\n"
TABLES = '[[t]]\nn = "a"\n\n[[t]]\nn = "b" # b\n[t.in]\nx = 1\n'


def edited(header: str, changes: Changes) -> str:
    text = changed(f"+++\n{header}+++\nBody\n", changes)
    assert text.startswith("+++\n") and text.endswith("+++\nBody\n")
    return text[4 : -len("+++\nBody\n")]


@each_of(
    ("before", "value", "after"),
    [
        ('a = "old"\n', 'say "hi"\t\\', 'a = "say \\"hi\\"\\t\\\\"\n'),
        ('a="old"\n', "new", 'a="new"\n'),
        ('  a   =   "old"   # note\n', "new", '  a   =   "new"   # note\n'),
        ("a = 'old'\n", "C:\\x", "a = 'C:\\x'\n"),
        ("a = 'old'\n", "it's", 'a = "it\'s"\n'),
        ('a = """\nold\n"""\n', 'x\n"y"\n', 'a = """\nx\n"y"\n"""\n'),
        ('a = """old"""\n', 'x\n"""y"', 'a = """x\n\\"\\"\\"y\\""""\n'),
        ("a = '''\nold'''\n", "x\n\\y", "a = '''\nx\n\\y'''\n"),
        ("a = '''old'''\n", "x\n'''y", "a = \"\"\"x\n'''y\"\"\"\n"),
        ("a = '''old'''\n", "\nx", "a = '''\n\nx'''\n"),
        ("a = 0x1F\n", 1000, "a = 1000\n"),
        ("a = 1_000\n", True, "a = true\n"),
        ("a = 1.5\n", 1.0, "a = 1.0\n"),
        ("a = 1\n", "1", 'a = "1"\n'),
        ("a = 2026-03-26\n", "2026-03-27", "a = 2026-03-27\n"),
        ("a = 2026-03-26\n", date(2026, 3, 27), "a = 2026-03-27\n"),
        ("a = 2026-03-26 10:00:00Z\n", datetime(2026, 3, 27, 9, tzinfo=UTC),
         "a = 2026-03-27 09:00:00Z\n"),
        ("a = 2026-03-26T10:00:00Z\n", "2026-03-27T09:00:00+01:00",
         "a = 2026-03-27T09:00:00+01:00\n"),
        ("a = '2026-03-26'\n", "2026-03-27", "a = '2026-03-27'\n"),
        ('a = "old"\n', date(2026, 3, 27), "a = 2026-03-27\n"),
        ('a = "old"\n', ["x", {"b": 1}], 'a = ["x", { b = 1 }]\n'),
        ("a = [1, 2]\n", "new", 'a = "new"\n'),
        ("a = { b = 1 }\n", [], "a = []\n"),
        ("a.b = 1 # b\na.c.d = 2\n", "new", 'a = "new" # b\n'),
        ('"a" = 1\n', 2, '"a" = 2\n'),
    ],
)  # fmt: skip
def test_a_value_is_written_in_the_style_of_the_one_before_it(
    before: str, value: Any, after: str
) -> None:
    around = "# top\nfirst = 'x'\n{}last = [ 1,2 ]  # end\n\n[extra]\nteam = 'x'\n"
    assert edited(around.format(before), {"a": value}) == around.format(after)


@each_of(
    ("before", "value", "after"),
    [
        ("t = ['a']\n", ["a", "b"], "t = ['a', 'b']\n"),
        ('t = ["a","b"]\n', ["a", "b", "c"], 't = ["a","b","c"]\n'),
        ("t = [ 1, 2, ]\n", [1, 2, 3], "t = [ 1, 2, 3, ]\n"),
        ("t = []\n", ["a"], 't = ["a"]\n'),
        ("t = [ # none\n]\n", ["a"], 't = [ # none\n"a"]\n'),
        ("t = [1]\n", [], "t = []\n"),
        (LINES, ["a", "b", "c"], LINES.replace('"b",\n', '"b",\n    "c",\n')),
        (LINES, ["b"], LINES.replace('    "a", # first\n', "")),
        (LINES, ["a"], LINES.replace('    "b",\n', "")),
        (LINES, ["a", "c"], LINES.replace('"b"', '"c"')),
        (LINES, ["x", "a", "b"], LINES.replace('"a"', '"x",\n    "a"')),
        (OPEN, ["a", "b", "c"], OPEN.replace("'b' # last\n", "'b', # last\n    'c'\n")),
        (OPEN, ["a"], OPEN.replace(",", "").replace("    'b' # last\n", "")),
        ("t = [[1, 2], [3]]\n", [[1, 2, 3], [3]], "t = [[1, 2, 3], [3]]\n"),
        ("t = [{ n = 1 }, { n = 2 }]\n", [{"n": 1}, {"n": 3}], "t = [{ n = 1 }, { n = 3 }]\n"),
        (TABLES, [{"n": "a"}, {"n": "c", "in": {"x": 1}}], TABLES.replace('"b"', '"c"')),
        (TABLES, [{"n": "b", "in": {"x": 1}}], TABLES[TABLES.index("\n[[t]]") :]),
        (TABLES, [{"n": "a"}, {"n": "b", "in": {"x": 1}}, {"n": "c", "o": {"p": 1}}],
         TABLES + '\n[[t]]\nn = "c"\no = { p = 1 }\n'),
        (TABLES, [{}, {"n": "a"}, {"n": "b", "in": {"x": 1}}], "[[t]]\n\n" + TABLES),
        (TABLES, [{"n": "a"}, {"o": 1}, {"n": "b", "in": {"x": 1}}],
         TABLES.replace('"a"\n', '"a"\n\n[[t]]\no = 1\n', 1)),
        (TABLES, [], "t = []\n\n"),
        (TABLES, [{"n": "a"}], '[[t]]\nn = "a"\n\n'),
        (TABLES, [{"n": "a"}, {"n": "b", "in": {"x": 2}}], TABLES.replace("x = 1", "x = 2")),
    ],
)  # fmt: skip
def test_a_list_keeps_its_layout(before: str, value: Any, after: str) -> None:
    assert edited("first = 1\n" + before, {"t": value}) == "first = 1\n" + after


@each_of(
    ("before", "changes", "after"),
    [
        ("", {"a": 1}, "a = 1\n"),
        ("# only a comment\n", {"a": 1}, "# only a comment\na = 1\n"),
        ("a = 1 # x\n\n[m]\n", {"b": 2}, "a = 1 # x\nb = 2\n\n[m]\n"),
        ("[m]\nx = 1\n", {"b": 2}, "b = 2\n[m]\nx = 1\n"),
        ("a=1\n", {"b": 2}, "a=1\nb=2\n"),
        ("title = 'x'\nz = 1\n", {"date": "y"}, "title = 'x'\ndate = 'y'\nz = 1\n"),
        ("title = 'x'\n", {"date": date(2026, 3, 26)}, "title = 'x'\ndate = 2026-03-26\n"),
        ("a = 1\n", {"two words": 2, "é": 3}, 'a = 1\n"two words" = 2\n"é" = 3\n'),
        ("[m]\nx = 1 # x\n# c\n\n[n]\n", {"m.y": 2}, "[m]\nx = 1 # x\ny = 2\n# c\n\n[n]\n"),
        ("[m] # m\n[n]\n", {"m.y": 2}, "[m] # m\ny = 2\n[n]\n"),
        ("  [m]\n  x = 1\n", {"m.y": 2}, "  [m]\n  x = 1\n  y = 2\n"),
        ("m.x = 1\nz = 1\n", {"m.y": 2}, "m.x = 1\nm.y = 2\nz = 1\n"),
        ("m = { x = 1 }\n", {"m.y": 2}, "m = { x = 1, y = 2 }\n"),
        ("m = {}\n", {"m.y": 2}, "m = {y = 2}\n"),
        ("a = 1\n", {"m.y": 2}, "a = 1\nm = { y = 2 }\n"),
        ("a = 1\n# b\nb = 2 # b\nc = 3\n", {"b": ABSENT}, "a = 1\n# b\nc = 3\n"),
        ("a = '''\nx'''\nb = 1\n", {"a": ABSENT}, "b = 1\n"),
        ("[m]\nx = 1\n\n[m.n]\ny = 1\n[o]\n", {"m": ABSENT}, "\n[o]\n"),
        ("[m]\nx = 1\n", {"m.x": ABSENT}, "[m]\n"),
        ("[m.n]\nx = 1\n", {"m.n": ABSENT}, "[m]\n"),
        ("m.x = 1\nm.y.z = 2\n", {"m": ABSENT}, ""),
        ("m.x = 1\n", {"m.x": ABSENT}, "m = {}\n"),
        ("m = { x = 1, y = 2 }\n", {"m.y": ABSENT}, "m = { x = 1 }\n"),
        ("[m]\nx = 1\ny = 2\n", {"m": {"y": 3, "z": 4}}, "[m]\ny = 3\nz = 4\n"),
        ("[m]\nx = 1\n", {"m": "new"}, 'm = "new"\n'),
        ("[m.n]\nx = 1\n", {"m.n": "new"}, '[m]\nn = "new"\n'),
    ],
)
def test_fields_come_and_go_as_lines(before: str, changes: Changes, after: str) -> None:
    assert edited(before, changes) == after


def test_a_fence_within_a_text_is_written_so_that_it_is_none() -> None:
    text = "+++\na = '''\nx'''\n+++\n"
    assert changed(text, {"a": "x\n+++\ny"}) == '+++\na = "x\\n+++\\ny"\n+++\n'
    assert way(text, {"a": "x\n+++\ny"}) == "REWRITTEN"


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("[m.n]\n", {"m.y.z": 2}, "[m.n]\n\n[m.y]\nz = 2\n"),
        ("m = { a = 1, b.c = 2, b.d = 3 }\n", {"m.b": []}, "m = { a = 1,   b = []}\n"),
        ("[m.n]\nx = 1\n", {"m.y": 2}, "[m]\ny = 2\n\n[m.n]\nx = 1\n"),
    ],
)
def test_what_cannot_be_spliced_is_written_by_the_library(
    before: str, changes: Changes, after: str
) -> None:
    around = "# top\nfirst   =   'x' # x\n"
    assert edited(around + before, changes) == around + after
    assert way(f"+++\n{before}+++\n", changes) == "REDUMPED"


def test_what_nobody_can_write_is_refused_with_its_line() -> None:
    assert refusal("+++\na = 1\nb = 2\n+++\n", {"b": None}) == ("edit.value", 3)
    assert refusal("+++\na = 1\nb = 2\n+++\n", {"b": {"c": [None]}}) == ("edit.value", 3)
    assert refusal("+++\n\n[[t]]\nx = 1 # lost\n+++\n", {"t": [1, {}]}) == ("edit.unsure", 3)


def test_the_length_of_what_a_library_writes_is_bounded_from_both_sides() -> None:
    def ways(length: int) -> str:
        header = "[m.n]\n#"
        header += "x" * (length - len(header) - 1) + "\n"
        return way(f"+++\n{header}+++\n", {"m.y": 2})

    assert ways(MAX_REDUMPED) == "REDUMPED"
    with pytest.raises(ValueError, match="by hand"):
        ways(MAX_REDUMPED + 1)
