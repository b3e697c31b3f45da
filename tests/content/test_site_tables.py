"""What a configuration says of redirects, menus and types, and how much of it there may be."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from apps.content import redirects, types
from apps.content.entries import UNWEIGHTED, Alias
from apps.content.menus import LINES, MENUS, NAME, Line
from apps.content.site_tables import Menus, Redirects, Types, aliases_of, lines_of
from apps.content.timing import HEAVIEST

LINE = {"title": "A", "url": "/a/"}
PATTERNED = {f"f{n}": {"pattern": f"^{n}$"} for n in range(types.PATTERNS_OF_FIELDS)}


def fits(form: Any, value: Any) -> bool:
    try:
        TypeAdapter(form).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("form", "most", "more"),
    [
        (
            Redirects,
            {f"/{n}": "/" for n in range(redirects.REDIRECTS)},
            {f"/{n}": "/" for n in range(redirects.REDIRECTS + 1)},
        ),
        (Menus, {str(n): [] for n in range(MENUS)}, {str(n): [] for n in range(MENUS + 1)}),
        (Menus, {"m": [LINE | {"title": "x" * NAME}]}, {"m": [LINE | {"title": "x" * (NAME + 1)}]}),
        (Menus, {"m": [LINE | {"weight": -HEAVIEST}]}, {"m": [LINE | {"weight": -HEAVIEST - 1}]}),
        (
            Types,
            {f"t{n}": {} for n in range(types.TYPES)},
            {f"t{n}": {} for n in range(types.TYPES + 1)},
        ),
        (
            Types,
            {"t": {"fields": {str(n): {} for n in range(types.FIELDS)}}},
            {"t": {"fields": {str(n): {} for n in range(types.FIELDS + 1)}}},
        ),
        (
            Types,
            {"t": {"folder": ["a"] * types.PATTERNS}},
            {"t": {"folder": ["a"] * (types.PATTERNS + 1)}},
        ),
        (
            Types,
            {"t": {"fields": {"f": {"choices": list(range(types.CHOICES))}}}},
            {"t": {"fields": {"f": {"choices": list(range(types.CHOICES + 1))}}}},
        ),
        (
            Types,
            {name: {"fields": PATTERNED} for name in "ab"},
            {"a": {"fields": PATTERNED}, "b": {"fields": {"f": {"pattern": "^more$"}}}},
        ),
        (Types, {"t": {"help": "x" * types.TEXT}}, {"t": {"help": "x" * (types.TEXT + 1)}}),
        (Types, {"t" * 64: {}}, {"t" * 65: {}}),
    ],
    ids=[
        *("redirects", "menus", "title", "weight", "types", "fields"),
        *("patterns", "choices", "patterns of fields", "help", "name"),
    ],
)
def test_bounds_hold_from_both_sides(form: Any, most: Any, more: Any) -> None:
    assert fits(form, most)
    assert not fits(form, more)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "a/"])
def test_a_menu_leads_where_a_redirect_could(url: str) -> None:
    assert not fits(Menus, {"m": [LINE | {"url": url}]})


def test_lines_of_a_menu_are_bounded_and_named() -> None:
    menus = TypeAdapter(Menus).validate_python({"m": [LINE] * (LINES + 1)})
    found = lines_of(menus)
    assert len(found) == LINES
    assert found[0] == Line(menu="m", name="A", title="A", url="/a/", weight=UNWEIGHTED)


def test_each_redirect_knows_its_line() -> None:
    text = '[whispercms]\n[whispercms.redirects]\n"/b/" = "/new/"\n"/a" = "https://example.org"\n'
    table = {"/b/": "/new/", "/a": "https://example.org"}
    assert aliases_of(table, text, "config.toml", "whispercms", "redirects") == [
        Alias("config.toml", "/a", "https://example.org", 4),
        Alias("config.toml", "/b", "/new/", 3),
    ]
