"""Which renditions there are of a picture, and at which addresses. Pure: everybody who knows the
picture, the theme's recipe and the library comes to the same.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any, Final

from apps.content.images.facts import FORMATS, TRANSPARENT, Facts

ROOT: Final = "/-/image/"
SAME: Final = "same"
"""The format that the picture has."""
MADE: Final = ("avif", "webp", "jpeg", "png")
RULES: Final = 1
"""Raise it with any change of ours that makes other bytes of the same order."""
DIGITS: Final = 24
CENTRE: Final = (0.5, 0.5)
_NAME: Final = r"[a-z][a-z0-9_-]{0,63}"
_ADDRESS: Final = re.compile(
    rf"{ROOT}(?P<theme>{_NAME})/(?P<name>{_NAME})/(?P<blob>[0-9a-f]{{40,64}})"
    rf"/(?P<key>[0-9a-f]{{{DIGITS}}})-(?P<width>[1-9][0-9]{{0,4}})\.(?P<format>[a-z]{{3,4}})"
)

Point = tuple[float, float]
"""Parts of the width and of the height, from the left and from the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a theme's manifest says under one name. `crop` is width and height of a shape."""

    widths: tuple[int, ...]
    formats: tuple[str, ...]
    quality: int
    crop: tuple[int, int] | None = None
    sizes: str = "100vw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of the site that visitors may see. `url` is as the index has it; `alt` is what its
    author said in its place."""

    url: str
    blob: str
    size: int
    facts: Facts
    focus: Point = CENTRE
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One that there is: `box` is the part of the picture that it shows."""

    width: int
    height: int
    box: tuple[int, int, int, int]
    format: str
    quality: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An address of this form, of which nothing is known yet."""

    theme: str
    name: str
    blob: str
    key: str
    width: int
    format: str


def read_address(path: str) -> Asked | None:
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    return Asked(
        theme=found["theme"],
        name=found["name"],
        blob=found["blob"],
        key=found["key"],
        width=int(found["width"]),
        format=found["format"],
    )


def renditions(
    picture: Picture, recipe: Recipe, library: Sequence[str]
) -> Iterator[tuple[str, tuple[Rendition, ...]]]:
    """By format, the preferred one first, each from narrow to wide. `library` says which formats
    there are and what it is."""
    facts = picture.facts
    if not facts.can_be_made:
        return
    box = _box(facts, recipe.crop, picture.focus)
    wide, high = box[2] - box[0], box[3] - box[1]
    widths = sorted({min(width, wide) for width in recipe.widths})
    for form in _formats(facts, recipe.formats, library):
        yield (
            form,
            tuple(
                Rendition(
                    width=width,
                    height=max(1, round(width * high / wide)),
                    box=box,
                    format=form,
                    quality=recipe.quality,
                    key=_key(picture, box, form, (width, recipe.quality), library),
                )
                for width in widths
            ),
        )


def find(
    asked: Asked, picture: Picture, recipe: Recipe, library: Sequence[str]
) -> Rendition | None:
    """The one that is asked for, if it is one that the recipe names."""
    for form, made in renditions(picture, recipe, library):
        if form == asked.format:
            for each in made:
                if (each.width, each.key) == (asked.width, asked.key):
                    return each
    return None


def address(theme: str, name: str, blob: str, made: Rendition) -> str:
    return f"{ROOT}{theme}/{name}/{blob}/{made.key}-{made.width}.{made.format}"


def described(
    picture: Picture, recipe: Recipe, place: tuple[str, str], library: Sequence[str]
) -> dict[str, Any]:
    """What a template is given; `place` is the theme and the name of the recipe. The picture itself
    where there are no renditions."""
    by_format = list(renditions(picture, recipe, library))
    told = {"alt": picture.alt, "sizes": recipe.sizes, "sources": [], "srcset": ""}
    if not by_format:
        width, height = picture.facts.width or None, picture.facts.height or None
        return {**told, "src": picture.url, "width": width, "height": height}

    def candidates(made: Sequence[Rendition]) -> str:
        return ", ".join(f"{address(*place, picture.blob, m)} {m.width}w" for m in made)

    *better, (_, last) = by_format
    return {
        **told,
        "src": address(*place, picture.blob, last[-1]),
        "srcset": candidates(last),
        "sources": [{"type": f"image/{form}", "srcset": candidates(m)} for form, m in better],
        "width": last[-1].width,
        "height": last[-1].height,
    }


def _formats(facts: Facts, wanted: Sequence[str], library: Sequence[str]) -> list[str]:
    """Of what shows something through there is no JPEG; PNG takes its place."""
    found: dict[str, None] = {}
    for each in wanted:
        form = FORMATS.get(facts.type, "png") if each == SAME else each
        form = "png" if form == "jpeg" and facts.nature == TRANSPARENT else form
        if form in library:
            found[form] = None
    return list(found) or ["png" if facts.nature == TRANSPARENT else "jpeg"]


def _box(facts: Facts, crop: tuple[int, int] | None, focus: Point) -> tuple[int, int, int, int]:
    """The largest part of that shape whose middle is as near to the focal point as can be."""
    wide, high = facts.width, facts.height
    if crop is None:
        return 0, 0, wide, high
    across = min(wide, max(1, round(high * crop[0] / crop[1])))
    down = min(high, max(1, round(wide * crop[1] / crop[0])))
    left = min(max(round(wide * focus[0] - across / 2), 0), wide - across)
    top = min(max(round(high * focus[1] - down / 2), 0), high - down)
    return left, top, left + across, top + down


def _key(
    picture: Picture,
    box: tuple[int, int, int, int],
    form: str,
    numbers: tuple[int, ...],
    library: Sequence[str],
) -> str:
    """Everything that the bytes depend on."""
    parts = [RULES, picture.blob, astuple(picture.facts), box, form, numbers, list(library)]
    return sha256(json.dumps(parts).encode()).hexdigest()[:DIGITS]


def recipe_as_json(recipe: Recipe) -> dict[str, Any]:
    return {
        "widths": list(recipe.widths),
        "formats": list(recipe.formats),
        "quality": recipe.quality,
        "crop": list(recipe.crop) if recipe.crop else None,
        "sizes": recipe.sizes,
    }


def recipe_of(told: Mapping[str, Any]) -> Recipe:
    """Of what `recipe_as_json` wrote."""
    crop = tuple(told["crop"]) if told["crop"] else None
    lists = {name: tuple(told[name]) for name in ("widths", "formats")}
    return Recipe(**{**told, **lists, "crop": crop})


def picture_as_json(picture: Picture) -> list[Any]:
    facts = list(astuple(picture.facts))
    return [picture.url, picture.blob, picture.size, facts, list(picture.focus), picture.alt]


def picture_of(told: Sequence[Any]) -> Picture:
    """Of what `picture_as_json` wrote."""
    url, blob, size, facts, focus, alt = told
    return Picture(
        url=url, blob=blob, size=size, facts=Facts(*facts), focus=(focus[0], focus[1]), alt=alt
    )
