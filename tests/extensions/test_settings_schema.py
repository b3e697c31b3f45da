"""Settings that an extension declares and values that a site gives."""

from typing import Any

import pytest
from pydantic import ValidationError

from apps.extensions import limits
from apps.extensions.settings_schema import Setting, check_settings
from tests.tables import each_of


def setting(**values: Any) -> Setting:
    return Setting.model_validate(values)


@each_of(
    ("declared", "reason"),
    [
        ({"type": "integer", "default": 1.5}, "default must be a whole number"),
        ({"type": "integer", "default": True}, "default must be a whole number"),
        ({"type": "boolean", "default": 0}, "default must be true or false"),
        ({"type": "strings", "default": [1]}, "default"),
        ({"type": "integer", "default": 0, "minimum": 1}, "default must be at least 1"),
        ({"type": "string", "default": "", "minimum": 1}, "minimum and maximum are for numbers"),
        ({"type": "boolean", "default": True, "choices": [True]}, "choices are not for"),
        ({"type": "string", "default": "c", "choices": ["a", "b"]}, "must be one of a, b"),
        ({"type": "number", "default": float("nan")}, "must be finite"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(
    declared: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        setting(**declared)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        ({"type": "string", "default": ""}, "a", 1),
        ({"type": "integer", "default": 1, "minimum": 1, "maximum": 3}, 3, 4),
        ({"type": "integer", "default": 1}, 2, True),
        ({"type": "number", "default": 1}, 1.5, float("inf")),
        ({"type": "number", "default": 1.5}, 2, "2"),
        ({"type": "boolean", "default": True}, False, "false"),
        ({"type": "strings", "default": []}, ["a"], ["a", 1]),
        ({"type": "strings", "default": [], "choices": ["a"]}, ["a", "a"], ["a", "b"]),
    ],
)
def test_a_value_of_another_kind_falls_back_to_the_default(
    declared: dict[str, Any], good: Any, bad: Any
) -> None:
    schema = {"x": setting(**declared)}
    resolved, problems = check_settings(schema, {"x": good})
    assert problems == ()
    assert resolved["x"] == (tuple(good) if isinstance(good, list) else good)
    resolved, problems = check_settings(schema, {"x": bad})
    assert resolved["x"] == schema["x"].default
    assert len(problems) == 1 and problems[0].startswith("x must be ")


def test_texts_and_lists_are_bounded() -> None:
    schema = {
        "text": setting(type="string", default=""),
        "list": setting(type="strings", default=[]),
    }
    most = limits.SETTING_LENGTH
    assert check_settings(schema, {"text": "x" * most, "list": ["x"] * most})[1] == ()
    assert (
        len(check_settings(schema, {"text": "x" * (most + 1), "list": ["x"] * (most + 1)})[1]) == 2
    )
