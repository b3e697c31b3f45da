"""Tables of `[whispercms]` that shape a site: what is redirected, its menus, its types. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from apps.content import redirects, types
from apps.content.addresses import AddressError, alias_key
from apps.content.entries import UNWEIGHTED, Alias
from apps.content.menus import LINES, MENUS, NAME, Line
from apps.content.timing import HEAVIEST
from apps.content.toml_places import Places

FOCUSES = 2000


def _old(text: str) -> str:
    """As it was written, so that it can be found again. Raises AddressError."""
    alias_key(text)
    return text


def _once(table: dict[str, str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for old in table:
        if (other := keys.setdefault(alias_key(old), old)) != old:
            raise AddressError(f"{old!r} is the same address as {other!r}")
    return table


def _few_patterns(raw: object) -> object:
    """Asked before any of them is compiled. What is no table is told of afterwards."""
    found = {
        rule.get("pattern")
        for each in _tables(raw)
        for rule in _tables(each.get("fields"))
        if isinstance(rule.get("pattern"), str)
    }
    if len(found) > types.PATTERNS_OF_FIELDS:
        raise ValueError(f"fields have at most {types.PATTERNS_OF_FIELDS} different patterns")
    return raw


def _tables(raw: object) -> list[dict[str, Any]]:
    values = raw.values() if isinstance(raw, dict) else ()
    return [each for each in values if isinstance(each, dict)]


class MenuLine(BaseModel):
    """One table `[[whispercms.menus.<menu>]]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=NAME)
    url: Annotated[str, AfterValidator(redirects.target_of)]
    name: str = Field(default="", max_length=NAME)
    parent: str = Field(default="", max_length=NAME)
    weight: int = Field(default=UNWEIGHTED, ge=-HEAVIEST, le=UNWEIGHTED)


class PictureTable(BaseModel):
    """One table `[whispercms.images."<path>"]`: `focus` is what must stay in sight where a picture
    is cropped, in parts of its width and of its height."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    focus: list[Annotated[float, Field(ge=0, le=1)]] = Field(min_length=2, max_length=2)


Old = Annotated[str, AfterValidator(_old)]
New = Annotated[str, AfterValidator(redirects.target_of)]
Redirects = Annotated[dict[Old, New], Field(max_length=redirects.REDIRECTS), AfterValidator(_once)]
Menus = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=NAME)], list[MenuLine]],
    Field(max_length=MENUS),
]
Types = Annotated[
    dict[Annotated[str, Field(pattern=types.NAME)], types.TypeTable],
    Field(max_length=types.TYPES),
    BeforeValidator(_few_patterns),
]


def lines_of(menus: Mapping[str, list[MenuLine]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            menu=menu,
            name=line.name or line.title,
            title=line.title,
            url=line.url,
            parent=line.parent,
            weight=line.weight,
        )
        for menu, lines in menus.items()
        for line in lines[:LINES]
    )


Pictures = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=500)], PictureTable],
    Field(max_length=FOCUSES),
]


def focus_of(pictures: Mapping[str, PictureTable]) -> Mapping[str, tuple[float, float]]:
    """By path in the repository."""
    return {path: (float(each.focus[0]), float(each.focus[1])) for path, each in pictures.items()}


def types_of(tables: Mapping[str, types.TypeTable]) -> types.Types:
    return tuple(table.content_type(name) for name, table in tables.items())


def aliases_of(redirected: Mapping[str, str], text: str, source: str, *at: str) -> list[Alias]:
    """The rows of configured redirects, each with its line; `at` is the table's place."""
    if not redirected:
        return []
    places = Places(text)
    found = {
        alias_key(old): Alias(source, alias_key(old), new, places.line([*at, old]))
        for old, new in redirected.items()
    }
    return [found[key] for key in sorted(found)]
