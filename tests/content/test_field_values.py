from typing import Any

import pytest

from apps.content.field_values import FieldRule, flaw_of
from tests.tables import each_of


def rule(type: str = "string", **more: Any) -> FieldRule:
    return FieldRule(name="f", type=type, **more)  # type: ignore[arg-type]


FITS = [
    ("string", "a"),
    ("text", "a\nb"),
    ("integer", 3),
    ("number", 3),
    ("number", 3.5),
    ("boolean", False),
    ("date", "2026-03-26"),
    ("list", ["a", 1]),
    ("document", "@/posts/a.md"),
    ("document", "/posts/a/"),
    ("image", "media/a.JPG"),
]
OTHER = [
    ("string", "a\nb"),
    ("string", 3),
    ("text", ["a"]),
    ("integer", True),
    ("integer", 3.0),
    ("number", "3"),
    ("boolean", 1),
    ("date", "soon"),
    ("list", "a"),
    ("document", "a\\b"),
    ("document", 3),
    ("image", "media/a.exe"),
    ("image", {}),
]


@each_of(("type", "value"), FITS)
def test_what_is_of_its_type_fits(type: str, value: Any) -> None:
    assert flaw_of(rule(type), value) is None


@each_of(("type", "value"), OTHER)
def test_what_is_not_is_told_as_it_was_written(type: str, value: Any) -> None:
    code, reason = flaw_of(rule(type), value) or ("", "")
    assert code == "type.value" and reason.startswith("is ") and "must be" in reason


@pytest.mark.parametrize("value", [None, ""])
def test_only_what_is_required_must_be_there(value: Any) -> None:
    assert flaw_of(rule(), value) is None
    assert flaw_of(rule(required=True), value) == ("type.required", "is required; add it")
    assert flaw_of(rule(required=True, default="x"), value) is None


def test_choices_are_of_a_value_or_of_each_item() -> None:
    assert flaw_of(rule("choice", choices=("a", 2)), 2) is None
    assert flaw_of(rule("choice", choices=("a",)), "b") == (
        "type.choice",
        'is "b"; it must be one of a',
    )
    assert flaw_of(rule("list", choices=("a", "b")), ["a", "b"]) is None
    assert (flaw_of(rule("list", choices=("a", "b")), ["a", "c"]) or [""])[0] == "type.choice"


@pytest.mark.parametrize(
    ("made", "least", "below", "most", "above"),
    [
        (rule("integer", minimum=2, maximum=3), 2, 1, 3, 4),
        (rule("number", minimum=0.5, maximum=1), 0.5, 0.49, 1, 1.01),
        (rule("string", minimum=2, maximum=3), "ab", "a", "abc", "abcd"),
        (rule("list", minimum=1, maximum=2), ["a"], [], ["a", "b"], ["a", "b", "c"]),
    ],
)
def test_bounds_hold_from_both_sides(
    made: FieldRule, least: Any, below: Any, most: Any, above: Any
) -> None:
    assert flaw_of(made, least) is None and flaw_of(made, most) is None
    assert "the least" in (flaw_of(made, below) or ("", ""))[1]
    assert "the most" in (flaw_of(made, above) or ("", ""))[1]


def test_patterns_take_a_time_that_follows_the_text() -> None:
    hostile = rule(pattern="^(a+)+$")
    assert flaw_of(hostile, "a" * 5000) is None
    assert "must match" in (flaw_of(hostile, "a" * 5000 + "!") or ("", ""))[1]


@pytest.mark.parametrize("pattern", ["(", "(?=a)", "a{1000}{1000}{1000}"])
def test_what_is_no_pattern_is_a_defect(pattern: str) -> None:
    assert "is no pattern" in (rule(pattern=pattern).defect() or "")


def test_a_range_without_anything_in_it_is_a_defect() -> None:
    assert rule("integer", minimum=2, maximum=1).defect() == "the minimum is above the maximum"
    assert rule("integer", minimum=2, maximum=2).defect() is None
