"""Which renditions there are, and at which addresses."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.images.facts import HEAVY, MOVING, OPAQUE, TRANSPARENT, Facts
from apps.content.images.renditions import (
    Picture,
    Recipe,
    Rendition,
    address,
    described,
    find,
    picture_as_json,
    picture_of,
    read_address,
    recipe_as_json,
    recipe_of,
    renditions,
)
from tests.tables import each_of

LIBRARY = ("jpeg", "png", "avif", "webp", "pillow-1")
BLOB = "ab" * 20
PHOTO = Picture(url="/a.jpg", blob=BLOB, size=9, facts=Facts("image/jpeg", 1000, 500, OPAQUE))
RECIPE = Recipe(widths=(480, 960, 1440), formats=("avif", "webp", "jpeg"), quality=80)


def made(
    picture: Picture = PHOTO, recipe: Recipe = RECIPE, library: tuple[str, ...] = LIBRARY
) -> dict[str, list[tuple[int, int]]]:
    found = renditions(picture, recipe, library)
    return {form: [(each.width, each.height) for each in listed] for form, listed in found}


def of(width: int, height: int, nature: str = OPAQUE, kind: str = "image/jpeg") -> Picture:
    return replace(PHOTO, facts=Facts(kind, width, height, nature))


def test_no_rendition_is_larger_than_the_picture() -> None:
    sizes = [(480, 240), (960, 480), (1000, 500)]
    assert made() == {"avif": sizes, "webp": sizes, "jpeg": sizes}
    assert made(of(300, 200))["webp"] == [(300, 200)]
    assert made(of(2000, 1))["webp"] == [(480, 1), (960, 1), (1440, 1)]


def test_formats_that_the_library_lacks_are_left_out() -> None:
    assert list(made(library=("jpeg", "png", "webp", "pillow-1"))) == ["webp", "jpeg"]
    only = replace(RECIPE, formats=("avif",))
    assert list(made(recipe=only, library=("jpeg", "png"))) == ["jpeg"]


@pytest.mark.parametrize(
    ("kind", "nature", "formats"),
    [
        ("image/jpeg", OPAQUE, ["webp", "jpeg"]),
        ("image/png", OPAQUE, ["webp", "png"]),
        ("image/png", TRANSPARENT, ["webp", "png"]),
        ("image/webp", OPAQUE, ["webp"]),
        ("image/webp", TRANSPARENT, ["webp"]),
    ],
)
def test_the_same_format_is_the_one_that_the_picture_has(
    kind: str, nature: str, formats: list[str]
) -> None:
    recipe = replace(RECIPE, formats=("webp", "same"))
    assert list(made(of(10, 10, nature, kind), recipe)) == formats


def test_there_is_no_jpeg_of_what_shows_something_through() -> None:
    assert list(made(of(10, 10, TRANSPARENT, "image/png"))) == ["avif", "webp", "png"]


@pytest.mark.parametrize("nature", ["", MOVING, HEAVY])
def test_what_moves_or_is_too_large_has_none(nature: str) -> None:
    picture = of(1000, 500, nature)
    assert made(picture) == {}
    told = described(picture, RECIPE, ("own", "card"), LIBRARY)
    assert (told["src"], told["srcset"], told["sources"]) == ("/a.jpg", "", [])
    assert (told["width"], told["height"]) == (1000, 500)


@pytest.mark.parametrize(
    ("focus", "box"),
    [
        ((0.5, 0.5), (250, 0, 750, 500)),
        ((0.0, 0.5), (0, 0, 500, 500)),
        ((1.0, 0.5), (500, 0, 1000, 500)),
        ((0.3, 0.9), (50, 0, 550, 500)),
    ],
)
def test_a_crop_keeps_the_focal_point_in_sight(
    focus: tuple[float, float], box: tuple[int, int, int, int]
) -> None:
    recipe = replace(RECIPE, crop=(1, 1))
    ((_, (first, *_)), *_) = renditions(replace(PHOTO, focus=focus), recipe, LIBRARY)
    assert first.box == box
    assert (first.width, first.height) == (480, 480)


sides = st.integers(1, 30_000)


@settings(max_examples=50)
@given(sides, sides, st.integers(1, 9999), st.integers(1, 9999), st.floats(0, 1), st.floats(0, 1))
def test_a_box_lies_within_its_picture(
    width: int, height: int, across: int, down: int, x: float, y: float
) -> None:
    recipe = replace(RECIPE, crop=(across, down))
    for _, listed in renditions(replace(of(width, height), focus=(x, y)), recipe, LIBRARY):
        for each in listed:
            left, top, right, bottom = each.box
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
            assert 1 <= each.width <= right - left
            assert each.height >= 1


def an_address(made: Rendition, **changed: str) -> str:
    return address(changed.get("theme", "own"), changed.get("name", "card"), BLOB, made)


def the_first(recipe: Recipe = RECIPE, picture: Picture = PHOTO) -> Rendition:
    return next(renditions(picture, recipe, LIBRARY))[1][0]


def test_an_address_is_read_as_what_it_was_made_of() -> None:
    for form, listed in renditions(PHOTO, RECIPE, LIBRARY):
        for each in listed:
            asked = read_address(an_address(each))
            assert asked is not None
            assert (asked.theme, asked.name, asked.format) == ("own", "card", form)
            assert find(asked, PHOTO, RECIPE, LIBRARY) == each


@pytest.mark.parametrize(
    "other",
    [
        {"recipe": replace(RECIPE, quality=81)},
        {"recipe": replace(RECIPE, crop=(1, 1))},
        {"recipe": replace(RECIPE, widths=(481,))},
        {"recipe": replace(RECIPE, formats=("webp",))},
        {"picture": replace(PHOTO, blob="cd" * 20)},
        {"library": (*LIBRARY[:-1], "pillow-2")},
    ],
)
def test_an_address_is_of_one_picture_recipe_and_library(other: dict[str, object]) -> None:
    asked = read_address(an_address(the_first()))
    assert asked is not None
    given = {"picture": PHOTO, "recipe": RECIPE, "library": LIBRARY, **other}
    assert find(asked, **given) is None  # type: ignore[arg-type]


def test_a_moved_focal_point_is_another_address_only_where_it_is_cropped() -> None:
    moved = replace(PHOTO, focus=(0.0, 0.0))
    cropped = replace(RECIPE, crop=(1, 1))
    assert the_first(picture=moved) == the_first()
    assert the_first(cropped, moved).key != the_first(cropped).key


GOOD = an_address(the_first())


@each_of(
    "path",
    [
        "/-/image/",
        GOOD + "x",
        GOOD + "/",
        GOOD.replace("own", "OWN"),
        GOOD.replace("own", "../own"),
        GOOD.replace(BLOB, BLOB[:-1]),
        GOOD.replace(BLOB, BLOB.upper()),
        GOOD.replace("-480", "-0480"),
        GOOD.replace("-480", "-480000"),
        GOOD.replace("-480", "--480"),
        GOOD.replace("-480", "-٤80"),
        GOOD.replace(".avif", ".av"),
        "/x" + GOOD,
    ],
)
def test_what_is_not_of_the_form_is_no_address(path: str) -> None:
    assert read_address(path) is None


@given(st.text(max_size=200))
def test_no_path_makes_reading_fail(path: str) -> None:
    assert read_address("/-/image/" + path) is None


def test_a_template_is_given_what_html_needs() -> None:
    told = described(replace(PHOTO, alt="A hill"), RECIPE, ("own", "card"), LIBRARY)
    assert [each["type"] for each in told["sources"]] == ["image/avif", "image/webp"]
    candidates = told["srcset"].split(", ")
    assert [each.rpartition(" ")[2] for each in candidates] == ["480w", "960w", "1000w"]
    assert told["src"] == candidates[-1].partition(" ")[0]
    assert told["src"].endswith("-1000.jpeg")
    assert (told["width"], told["height"], told["alt"]) == (1000, 500, "A hill")
    assert told["sizes"] == "100vw"


def test_values_survive_the_way_to_a_worker() -> None:
    recipe = replace(RECIPE, crop=(16, 9))
    assert recipe_of(recipe_as_json(recipe)) == recipe
    assert recipe_of(recipe_as_json(RECIPE)) == RECIPE
    assert picture_of(picture_as_json(PHOTO)) == PHOTO
