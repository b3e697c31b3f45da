"""The renditions that a theme's manifest declares: its table `[images]`. There are no others."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from apps.content.images.renditions import Recipe
from apps.extensions import limits
from apps.extensions.settings_schema import as_tuple

BODY: Final = "body"
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SHAPE: Final = re.compile(r"([1-9][0-9]{0,3}):([1-9][0-9]{0,3})")

Format = Literal["avif", "webp", "jpeg", "png", "same"]


class ImageTable(BaseModel):
    """One table `[images.<name>]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    widths: Annotated[tuple[int, ...], BeforeValidator(as_tuple)] = Field(
        min_length=1, max_length=limits.IMAGE_WIDTHS
    )
    formats: Annotated[tuple[Format, ...], BeforeValidator(as_tuple)] = Field(
        default=("webp", "jpeg"), min_length=1
    )
    quality: int = Field(default=80, ge=1, le=100)
    crop: str | None = None
    sizes: str = Field(default="100vw", min_length=1, max_length=limits.IMAGE_SIZES)

    @field_validator("widths")
    @classmethod
    def _usable_widths(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        allowed = limits.IMAGE_WIDTH
        if any(width not in allowed for width in value) or len(set(value)) != len(value):
            raise ValueError(f"must be from {allowed.start} to {allowed.stop - 1}, each once")
        return tuple(sorted(value))

    @field_validator("formats")
    @classmethod
    def _each_once(cls, value: tuple[Format, ...]) -> tuple[Format, ...]:
        if len(set(value)) != len(value):
            raise ValueError("must name each format once")
        return value

    @field_validator("crop")
    @classmethod
    def _shape(cls, value: str | None) -> str | None:
        if value is not None and _SHAPE.fullmatch(value) is None:
            raise ValueError('must be a shape such as "16:9"')
        return value

    @field_validator("sizes")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line")
        return value

    @property
    def recipe(self) -> Recipe:
        shape = _SHAPE.fullmatch(self.crop) if self.crop else None
        return Recipe(
            widths=self.widths,
            formats=self.formats,
            quality=self.quality,
            crop=(int(shape[1]), int(shape[2])) if shape else None,
            sizes=self.sizes,
        )


class Images(BaseModel):
    """All of it; `body` is the name of what the pictures in documents' bodies are shown by."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    body: str | None = None
    named: Annotated[Mapping[str, ImageTable], BeforeValidator(dict)] = Field(
        default_factory=dict, max_length=limits.IMAGES
    )

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Every key besides `body` is the name of a table."""
        if type(data) is not dict:
            raise ValueError("must be a table")
        named = {name: table for name, table in data.items() if name != BODY}
        if wrong := [name for name in named if _NAME.fullmatch(name) is None]:
            raise ValueError(f"{wrong[0][:80]!r} is not a name: a-z, 0-9, _ and -")
        body = {BODY: data[BODY]} if BODY in data else {}
        return body | {"named": named}

    @model_validator(mode="after")
    def _known_body(self) -> "Images":
        if self.body is not None and self.body not in self.named:
            raise ValueError(f"body is {self.body[:80]!r}, but there is no [images.{self.body}]")
        return self

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        return MappingProxyType({name: table.recipe for name, table in self.named.items()})


NONE: Final = Images.model_validate({})
