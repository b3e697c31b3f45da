"""What an edit promises whatever the format: what it takes, refuses and tells."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.content.bounds import MAX_EDIT_STEPS, MAX_EDITED_FIELDS, MAX_HEADER_DEPTH
from apps.content.editing import ABSENT, Changes, Format, Way, edit, edited
from tests.content.edits import changed, front, numstat, refusal
from tests.tables import each_of

YAML = "---\ntitle: Old\nextra:\n  team: a\n---\nBody\n"
TOML = '+++\ntitle = "Old"\n[extra]\nteam = "a"\n+++\nBody\n'
JSON = '{\n  "title": "Old",\n  "extra": {"team": "a"}\n}\nBody\n'
ALL = [YAML, TOML, JSON]


@each_of("text", ALL)
@each_of(
    "value", ["New", "", "1", 1, 1.5, True, ["a", 2], {"a": {"b": "c"}}, [], {}, date(2026, 3, 26)]
)
def test_any_value_is_read_back(text: str, value: Any) -> None:
    made = front(edit(text, {"title": value, "new": value, "extra.team": value}))
    wanted = value.isoformat() if isinstance(value, date) else value
    assert made == {"title": wanted, "new": wanted, "extra": {"team": wanted}}


@pytest.mark.parametrize("text", ALL)
def test_one_changed_field_is_one_changed_line(text: str) -> None:
    for name in ("title", "extra.team"):
        assert numstat(text.encode(), edit(text, {name: 'a "new": one'})) == (1, 1)
    for name in ("date", "extra.url"):
        added, removed = numstat(text.encode(), edit(text, {name: "x"}))
        assert added - removed in (0, 1) and added == 1


@pytest.mark.parametrize("text", ALL)
def test_a_removed_field_is_gone_and_the_rest_is_there(text: str) -> None:
    assert front(edit(text, {"title": ABSENT})) == {"extra": {"team": "a"}}
    assert front(edit(text, {"extra.team": ABSENT})) == {"title": "Old", "extra": {}}
    assert front(edit(text, {"extra": ABSENT, "title": ABSENT})) == {}
    assert numstat(text.encode(), edit(text, {"title": ABSENT})) == (0, 1)


@pytest.mark.parametrize("text", [*ALL, "No header\n", ""])
@pytest.mark.parametrize(
    "changes", [{}, {"missing": ABSENT}, {"missing.too": ABSENT}], ids=lambda changes: str(changes)
)
def test_an_edit_of_nothing_changes_nothing(text: str, changes: Changes) -> None:
    assert edit(text, changes) == text.encode()


@pytest.mark.parametrize("text", ALL)
def test_setting_the_value_that_is_there_changes_nothing(text: str) -> None:
    made = edited(text, {"title": "Old", "extra": {"team": "a"}, "extra.team": "a"}, "Body\n")
    assert made.content == text.encode()
    assert set(made.ways.values()) == {Way.KEPT}


def test_values_of_other_types_are_other_values() -> None:
    text = "---\na: 1\n---\n"
    assert front(edit(text, {"a": True})) == {"a": True}
    assert changed(text, {"a": 1.0}) == "---\na: 1.0\n---\n"
    assert changed(text, {"a": "1"}) == '---\na: "1"\n---\n'
    assert changed(text, {"a": None}) == "---\na: null\n---\n"


def test_a_dotted_name_means_a_field_in_a_table() -> None:
    assert front(edit(YAML, {"extra.deep.er": 1}))["extra"] == {"team": "a", "deep": {"er": 1}}
    assert front(edit("---\n---\n", {"a.b.c": 1})) == {"a": {"b": {"c": 1}}}
    assert front(edit("---\na:\n---\n", {"a.b": 1})) == {"a": {"b": 1}}


def test_a_name_that_has_a_dot_itself_is_meant_first() -> None:
    text = '---\n"a.b": 1\na:\n  b: 2\n---\n'
    assert front(edit(text, {"a.b": 3})) == {"a.b": 3, "a": {"b": 2}}
    assert front(edit(text, {("a", "b"): 3})) == {"a.b": 1, "a": {"b": 3}}


def test_a_field_cannot_be_set_in_what_holds_no_fields() -> None:
    assert refusal("---\nx: 1\na: [1]\n---\n", {"a.b": 1}) == ("edit.place", 3)


def test_changes_of_one_edit_are_made_in_their_order() -> None:
    text = edit("---\na: 1\n---\n", {"b": 2, "c": 3, "a": ABSENT})
    assert text == b"---\nb: 2\nc: 3\n---\n"


@each_of(
    ("format", "header"),
    [
        ("yaml", "---\ntitle: New\ntags: [a]\n---\n"),
        ("toml", '+++\ntitle = "New"\ntags = ["a"]\n+++\n'),
        ("json", '{"title": "New", "tags": ["a"]}\n'),
    ],
)
@each_of("text", ["", "# Heading\n\nText", "---\n\nA rule above.\n"])
def test_a_header_is_made_where_there_is_none(format: Format, header: str, text: str) -> None:
    made = edit(text, {"title": "New", "tags": ["a"]}, format=format)
    assert made.decode() == header + text


@pytest.mark.parametrize("format", ["yaml", "toml", "json"])
def test_the_format_of_a_header_that_is_there_is_kept(format: Format) -> None:
    assert edit(YAML, {"title": "b"}, format=format).startswith(b"---\n")
    assert edit(TOML, {"title": "b"}, format=format).startswith(b"+++\n")


@each_of("text", [*ALL, "No header\n"])
@each_of("body", ["", "New\n\ntext", "Body\nmore\n", "\n\n---\nx", "é\n"])
def test_a_body_is_replaced_and_nothing_else(text: str, body: str) -> None:
    header = text.removesuffix("Body\n").removesuffix("No header\n")
    assert edit(text, {}, body) == (header + body).encode()


@pytest.mark.parametrize("header", ["---\na: 1\n---", "+++\na=1\n+++  ", '{"a": 1}'])
def test_a_body_comes_below_a_header_that_ended_the_file(header: str) -> None:
    assert edit(header, {}, "Text") == f"{header}\nText".encode()
    assert edit(header, {}, "") == header.encode()


def test_fields_and_body_are_changed_together() -> None:
    assert edit(YAML, {"title": "b"}, "c").endswith(b"title: b\nextra:\n  team: a\n---\nc")


@pytest.mark.parametrize("body", ["---\na: 1\n---\n", '{"a": 1}\n', "+++\n+++\n"])
def test_a_body_that_would_be_read_as_a_header_is_refused(body: str) -> None:
    assert refusal("Text", {}, body) == ("edit.body", 1)
    assert edit("---\n---\n", {}, body).endswith(body.encode())


def test_a_date_keeps_the_form_it_was_written_in() -> None:
    text = "---\ndate: 2026-03-26 10:00:00Z\nd: '2026-03-26'\n---\n"
    moment = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
    for value in (moment, moment.isoformat(), "2026-03-27T09:30:00+00:00"):
        assert "date: 2026-03-27 09:30:00Z\n" in changed(text, {"date": value})
    assert "d: '2026-03-27'\n" in changed(text, {"d": date(2026, 3, 27)})
    assert 'date: "soon"' not in changed(text, {"date": "soon"})
    assert "date: soon\n" in changed(text, {"date": "soon"})


def test_comments_within_a_value_that_goes_are_told() -> None:
    text = "---\ntags:  # all\n  # first\n  - a\n  - b # second\nx: 1 # kept\n---\n"
    assert edited(text, {"tags": ABSENT}).lost == ("all", "first", "second")
    assert edited(text, {"tags": []}).lost == ("first", "second")
    assert edited(text, {"tags": ["a"]}).lost == ("second",)
    assert edited(text, {"tags": ["a", "b", "c"], "x": 2}).lost == ()


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**63, "\ud800", b"bytes", {1: 2}, {"a"}, type],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_no_file_can_hold_is_refused(value: Any) -> None:
    assert refusal(YAML, {"title": value}) == ("edit.value", 0)
    assert refusal("", {"title": [value]}) == ("edit.value", 0)


@pytest.mark.parametrize("name", ["", "a..b", ".a", (), ("a", ""), "\ud800", 1, ("a", 1)])
def test_a_name_that_is_none_is_refused(name: Any) -> None:
    assert refusal(YAML, {name: 1}) == ("edit.value", 0)


def test_the_depth_of_a_value_is_bounded_from_both_sides() -> None:
    def nested(depth: int) -> Any:
        return 1 if not depth else [nested(depth - 1)]

    fits = nested(MAX_HEADER_DEPTH - 1)
    assert front(edit(YAML, {"title": fits}))["title"] == fits
    assert refusal(YAML, {"title": nested(MAX_HEADER_DEPTH)}) == ("front-matter.too-deep", 2)
    assert refusal(YAML, {"title": nested(MAX_HEADER_DEPTH + 1)}) == ("edit.value", 0)


def test_a_value_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless += [endless] * 100
    assert refusal(YAML, {"title": endless}) == ("edit.value", 0)


def test_the_number_of_fields_is_bounded_from_both_sides() -> None:
    changes: Changes = {f"f{n}": n for n in range(MAX_EDITED_FIELDS)}
    assert len(front(edit("", changes))) == MAX_EDITED_FIELDS
    assert refusal("", {**changes, "one": 1}) == ("edit.value", 0)


def test_the_number_of_steps_is_bounded_from_both_sides() -> None:
    def ways(count: int) -> tuple[str, int]:
        old = "".join(f"  - {n}  # {n}\n" for n in range(count))
        made = edited(f"---\na:\n{old}---\n", {"a": [n + 100 for n in range(count)]})
        (way,) = made.ways.values()
        return way.name, len(made.lost)

    assert ways(MAX_EDIT_STEPS) == ("SPLICED", 0)
    assert ways(MAX_EDIT_STEPS + 1) == ("SPLICED", MAX_EDIT_STEPS + 1)
