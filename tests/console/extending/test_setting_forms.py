"""A form reads what is typed as the extension's manifest says, and says of each field what is
wrong with it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from apps.console.extending.setting_forms import SettingsForm, places
from apps.extensions.settings_schema import Setting, check_settings

SCHEMA = {
    "words": Setting(type="integer", default=3, minimum=1, maximum=9, help="How many"),
    "ratio": Setting(type="number", default=0.5, minimum=0),
    "label": Setting(type="string", default="more"),
    "loud": Setting(type="boolean", default=True),
    "names": Setting(type="strings", default=("a",)),
    "size": Setting(type="string", default="m", choices=("s", "m", "l")),
    "level": Setting(type="integer", default=1, choices=(1, 2)),
    "parts": Setting(type="strings", default=("x",), choices=("x", "y")),
}
USUAL = {
    **{"words": "3", "ratio": "0.5", "label": "more", "loud": "on", "names": "a", "size": "m"},
    **{"level": "1", "parts": ["x"]},
}


def sent(**values: Any) -> SettingsForm:
    return SettingsForm(SCHEMA, {}, {**USUAL, **values})


def test_what_is_as_usual_is_not_written_down() -> None:
    form = sent()
    assert form.is_valid() and form.values() == {}


def test_each_field_is_read_by_its_type() -> None:
    form = sent(words="5", ratio="2", names="b\r\nc d\r\n\r\n", size="l", level="2", parts=["y"])
    assert form.is_valid(), form.errors
    assert form.values() == {
        **{"words": 5, "ratio": 2.0, "names": ["b", "c d"], "size": "l", "level": 2},
        "parts": ["y"],
    }
    assert [type(form.values()[name]) for name in ("words", "ratio", "level")] == [int, float, int]


def test_what_is_not_ticked_is_false_and_an_empty_text_is_one() -> None:
    form = SettingsForm(SCHEMA, {}, {k: v for k, v in USUAL.items() if k != "loud"} | {"label": ""})
    assert form.is_valid() and form.values() == {"loud": False, "label": ""}


def test_an_empty_number_is_left_to_the_extension() -> None:
    form = sent(words="", ratio="")
    assert form.is_valid() and form.values() == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [("words", "0"), ("words", "10"), ("words", "1.5"), ("ratio", "-1"), ("ratio", "nan"),
     ("ratio", "inf"), ("size", "xl"), ("level", "3"), ("parts", ["z"]), ("label", "x" * 10_001)],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field(name: str, text: Any) -> None:
    form = sent(**{name: text})
    assert not form.is_valid() and list(form.errors) == [name]


def test_what_stands_in_the_site_is_shown_also_where_it_does_not_fit() -> None:
    form = SettingsForm(SCHEMA, {"words": 70, "names": ["b", "c"], "loud": False})
    assert 'value="70"' in str(form["words"]) and "b\nc" in str(form["names"])
    assert "checked" not in str(form["loud"])
    assert "How many. From 1 to 9. Usually: 3." in str(form["words"].help_text)


def test_each_place_has_fields_of_its_own() -> None:
    listed = [("/", {}), ("/blog/", {"words": 7})]
    said = {f"p0-{k}": v for k, v in USUAL.items()} | {f"p1-{k}": v for k, v in USUAL.items()}
    one, two = places(SCHEMA, listed, {**said, "p1-words": "8"})
    assert (one.where, two.where) == ("/", "/blog/")
    assert one.form.is_valid() and two.form.is_valid()
    assert (one.form.values(), two.form.values()) == ({}, {"words": 8})


@settings(max_examples=40, deadline=None)
@given(some.dictionaries(some.sampled_from(sorted(SCHEMA)), some.text(max_size=12)))
def test_what_a_form_accepts_the_site_accepts(typed: dict[str, str]) -> None:
    form = SettingsForm(SCHEMA, {}, {**USUAL, **typed})
    if form.is_valid():
        assert check_settings(SCHEMA, form.values())[1] == ()
