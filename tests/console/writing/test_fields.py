"""A header as fields of a form: what is shown is read back, and only what was changed changes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.console.writing.bounds import FIELDS, LIST_ITEMS
from apps.console.writing.fields import Field, Sheet, fields_of, read_fields
from apps.console.writing.values import Unread, control_of, text_of, value_of
from apps.content.edits.fields import ABSENT
from apps.content.types import FormField

FRONT: dict[str, Any] = {
    "title": "One",
    "tags": ["a", "b"],
    "weight": 3,
    "ratio": 1.5,
    "sticky": False,
    "date": "2026-01-02",
    "updated": "2026-01-02T03:04:05+02:00",
    "summary": "two\nlines",
    "image": "media/a.jpg",
    "extra": {"team": "x", "deep": {"a": {"b": 1}}},
    "odd": [1, [2]],
}
PLAIN = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12)
NESTED = st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=4), PLAIN, max_size=2)


def sent_of(front: dict[str, Any], sheet: Sheet = Sheet()) -> dict[str, str]:  # noqa: B008
    """As a browser sends a form that nobody touched."""
    sent: dict[str, str] = {}
    for each in fields_of(front, sheet):
        if each.control == "switch":
            sent |= {each.shown_name: "1", **({each.name: "on"} if each.on else {})}
        elif each.control != "fixed":
            sent[each.name] = each.text.replace("\n", "\r\n")
    return sent


def changes(front: dict[str, Any], sent: dict[str, str], sheet: Sheet = Sheet()) -> dict[Any, Any]:  # noqa: B008
    return dict(read_fields(fields_of(front, sheet), sent)[1])


def test_each_value_has_the_control_that_fits() -> None:
    found = {each.path: each.control for each in fields_of(FRONT, Sheet(hidden={"title"}))}
    assert found == {
        ("tags",): "several",
        ("weight",): "number",
        ("ratio",): "number",
        ("sticky",): "switch",
        ("date",): "day",
        ("updated",): "moment",
        ("summary",): "lines",
        ("image",): "file",
        ("extra", "team"): "line",
        ("extra", "deep"): "fixed",
        ("odd",): "fixed",
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=6), PLAIN | NESTED, max_size=4))
@example({"line": "\r", "lines": "a\r\nb\n"})
def test_a_form_that_nobody_touched_changes_nothing(front: dict[str, Any]) -> None:
    assert changes(front, sent_of(front)) == {}


@given(st.sets(st.lists(st.text(max_size=4), min_size=1, max_size=2).map(tuple), max_size=4))
def test_names_are_unique_and_any_browser_sends_them_whole(paths: set[tuple[str, ...]]) -> None:
    fields = [Field(path=path, label="", control="switch") for path in paths]
    names = [name for each in fields for name in (each.name, each.shown_name)]
    assert len(set(names)) == len(names)
    assert not set("".join(names)) & {'"', "\r", "\n"}


def test_only_what_was_changed_changes() -> None:
    sent = sent_of(FRONT)
    sent["field:tags"] = "b, c, b,"
    sent["field:weight"] = "4"
    sent["field:sticky"] = "on"
    sent["field:updated"] = "2027-01-02T03:04"
    sent["field:extra/team"] = ""
    assert changes(FRONT, sent) == {
        ("tags",): ["b", "c"],
        ("weight",): 4,
        ("sticky",): True,
        ("updated",): "2027-01-02T03:04:00+02:00",
        ("extra", "team"): ABSENT,
    }
    assert changes(FRONT, {"field:odd": "1", "field:unknown": "1"}) == {}


def test_fields_of_a_type_come_first_and_are_checked() -> None:
    sheet = Sheet(
        typed=(
            FormField(
                name="level",
                label="Level",
                control="choice",
                help="how hard",
                required=True,
                choices=("easy", "hard"),
                default=None,
            ),
            FormField(
                name="start",
                label="Start",
                control="day",
                help="",
                required=False,
                choices=(),
                default=None,
            ),
        ),
        terms={"tags": ("garden", "sea")},
    )
    level, start, tags = fields_of({}, sheet)
    assert (level.label, level.required, start.control) == ("Level", True, "day")
    assert tags.suggestions == ("garden", "sea") and not tags.is_there
    said = {level.name: "hard", start.name: "2026-01-02", tags.name: "sea"}
    assert changes({}, said, sheet) == {
        ("level",): "hard",
        ("start",): date(2026, 1, 2),
        ("tags",): ["sea"],
    }
    (wrong, late, _), found = read_fields(
        fields_of({"level": "easy"}, sheet), {level.name: "", start.name: "soon"}
    )
    assert (wrong.error, bool(late.error), found) == ("this is required", True, {})
    assert fields_of({"level": ["easy"]}, sheet)[0].control == "fixed"


def test_there_is_an_end_to_what_a_form_shows() -> None:
    assert len(fields_of({f"k{n}": n for n in range(FIELDS + 1)}, Sheet())) == FIELDS
    assert control_of(["a"] * LIST_ITEMS) == "several"
    assert control_of(["a"] * (LIST_ITEMS + 1)) == "fixed"
    assert len(value_of(",".join(map(str, range(LIST_ITEMS))), "several", [])) == LIST_ITEMS
    with pytest.raises(Unread):
        value_of(",".join(map(str, range(LIST_ITEMS + 1))), "several", [])


@pytest.mark.parametrize(
    ("text", "control", "before", "after"),
    [
        ("3", "number", None, 3),
        ("3", "number", 1.0, 3.0),
        ("3.5", "number", 1, 3.5),
        ("2026-01-02", "day", None, date(2026, 1, 2)),
        ("2026-01-02T03:04", "moment", None, datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("2026-01-02T03:04", "moment", "2020-01-01 00:00:00Z", "2026-01-02 03:04:00Z"),
        ("a\r\nb", "lines", None, "a\nb"),
    ],
)
def test_what_is_typed_is_read(text: str, control: Any, before: Any, after: Any) -> None:
    assert value_of(text, control, before) == after


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("x", "number"),
        ("nan", "number"),
        ("1e999", "number"),
        ("13", "day"),
        ("x", "moment"),
        ("a\nb", "line"),
    ],
)
def test_what_is_no_value_is_told(text: str, control: Any) -> None:
    with pytest.raises(Unread):
        value_of(text, control, None)


def test_words_with_commas_are_left_to_the_source() -> None:
    assert control_of(["a, b"]) == control_of([" a"]) == control_of(["a\nb"]) == "fixed"
    assert text_of(["a", "b"], "several") == "a, b"
