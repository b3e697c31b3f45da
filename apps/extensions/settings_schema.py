"""What an extension lets its site configure, and the values that a site gives, held against it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from apps.extensions import limits

Scalar = str | bool | int | float
Value = str | bool | int | float | tuple[str, ...]

_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_WORDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "strings": "a list of texts",
}


def as_tuple(value: Any) -> Any:
    """TOML has lists, frozen values have tuples."""
    return tuple(value) if type(value) is list else value


class Setting(BaseModel):
    """One table `[settings.<name>]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    type: Literal["string", "integer", "number", "boolean", "strings"]
    default: Annotated[Value, BeforeValidator(as_tuple)]
    choices: Annotated[tuple[Scalar, ...], BeforeValidator(as_tuple)] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None
    help: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.type not in ("integer", "number") and not (self.minimum is self.maximum is None):
            raise ValueError("minimum and maximum are for numbers")
        if self.choices and self.type not in ("string", "integer", "strings"):
            raise ValueError(f"choices are not for the type {self.type}")
        if (reason := self.refusal(self.default)) is not None:
            raise ValueError(f"default {reason}")
        return self

    def refusal(self, value: Any) -> str | None:
        """Why this is not a value for the setting: words that follow its name."""
        return (
            self._kind_refusal(value) or self._range_refusal(value) or self._choice_refusal(value)
        )

    def _kind_refusal(self, value: Any) -> str | None:
        if self.type == "strings":
            fits = type(value) is tuple and all(type(item) is str for item in value)
        else:
            fits = type(value) in _KINDS[self.type]
        if not fits:
            return f"must be {_WORDS[self.type]}"
        if isinstance(value, str | tuple) and len(value) > limits.SETTING_LENGTH:
            return f"is longer than {limits.SETTING_LENGTH}"
        return None

    def _range_refusal(self, value: Any) -> str | None:
        if self.minimum is not None and not value >= self.minimum:
            return f"must be at least {self.minimum}"
        if self.maximum is not None and not value <= self.maximum:
            return f"must be at most {self.maximum}"
        if self.type == "number" and not abs(value) < float("inf"):
            return "must be finite"
        return None

    def _choice_refusal(self, value: Any) -> str | None:
        given = value if type(value) is tuple else (value,)
        if self.choices and not all(item in self.choices for item in given):
            return f"must be one of {', '.join(map(str, self.choices))}"
        return None


def check_settings(
    schema: Mapping[str, Setting], values: Mapping[str, Any]
) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    """The settings in force, defaults for what is missing or wrong, and what is wrong."""
    unknown = sorted(values.keys() - schema.keys())
    problems = [f"{name[:80]}: there is no such setting" for name in unknown]
    resolved: dict[str, Value] = {}
    for name, setting in sorted(schema.items()):
        value = as_tuple(values.get(name, setting.default))
        reason = setting.refusal(value)
        if reason is not None:
            problems.append(f"{name} {reason}")
        resolved[name] = setting.default if reason is not None else value
    return MappingProxyType(resolved), tuple(problems)
