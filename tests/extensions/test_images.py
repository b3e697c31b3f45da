"""The table `[images]` of a theme's manifest."""

from typing import Any

import pytest

from apps.content.images.renditions import Recipe
from apps.extensions import limits
from apps.extensions.images import NONE
from apps.extensions.manifests import ThemeManifest, parse_manifest
from tests.tables import each_of

BASE = """id = "own"
version = "1.0.0"
requires = ">=1.0,<2"
{}
[[routes]]
name = "a"
path = "/"
template = "a.html"
"""


def read(images: str) -> Any:
    return parse_manifest("theme", "own", BASE.format(images))


def recipes(images: str) -> Any:
    manifest = read(images)
    assert isinstance(manifest, ThemeManifest), manifest
    return manifest.images.recipes


def reasons(images: str) -> str:
    problems = read(images)
    assert isinstance(problems, list)
    return "\n".join(map(str, problems))


def test_a_theme_without_the_table_declares_nothing() -> None:
    assert recipes("") == {} == NONE.recipes
    assert NONE.body is None


def test_a_table_is_a_recipe() -> None:
    found = recipes(
        '[images.card]\nwidths = [960, 480]\nformats = ["avif", "same"]\nquality = 70\n'
        'crop = "16:9"\nsizes = "50vw"\n[images.plain]\nwidths = [16]'
    )
    assert found == {
        "card": Recipe(
            widths=(480, 960), formats=("avif", "same"), quality=70, crop=(16, 9), sizes="50vw"
        ),
        "plain": Recipe(widths=(16,), formats=("webp", "jpeg"), quality=80),
    }


def test_bodies_are_shown_by_a_recipe_that_there_is() -> None:
    manifest = read('[images]\nbody = "text"\n[images.text]\nwidths = [100]')
    assert manifest.images.body == "text"
    assert "there is no [images.text]" in reasons('[images]\nbody = "text"')


@each_of(
    ("table", "word"),
    [
        ("", "widths"),
        ("widths = []", "widths"),
        ("widths = [15]", "from 16 to 4096"),
        ("widths = [4097]", "from 16 to 4096"),
        ("widths = [100, 100]", "each once"),
        ("widths = [100.5]", "widths"),
        (f"widths = {list(range(100, 101 + limits.IMAGE_WIDTHS))}", "widths"),
        ('widths = [100]\nformats = ["gif"]', "formats"),
        ("widths = [100]\nformats = []", "formats"),
        ('widths = [100]\nformats = ["webp", "webp"]', "once"),
        ("widths = [100]\nquality = 0", "quality"),
        ("widths = [100]\nquality = 101", "quality"),
        ('widths = [100]\ncrop = "16/9"', "16:9"),
        ('widths = [100]\ncrop = "0:9"', "16:9"),
        ('widths = [100]\nsizes = ""', "sizes"),
        (f'widths = [100]\nsizes = "{"x" * (limits.IMAGE_SIZES + 1)}"', "sizes"),
        ('widths = [100]\nsizes = "a\\nb"', "one line"),
        ("widths = [100]\nfast = true", "fast"),
    ],
)
def test_a_table_with_anything_else_is_refused(table: str, word: str) -> None:
    assert word in reasons(f"[images.card]\n{table}")


def test_what_is_at_the_bounds_is_fine() -> None:
    widths = list(range(100, 100 + limits.IMAGE_WIDTHS))
    assert recipes(f'[images.card]\nwidths = {widths}\nsizes = "{"x" * limits.IMAGE_SIZES}"')
    assert recipes("[images.card]\nwidths = [16, 4096]\nquality = 1")
    many = "".join(f"[images.a{n}]\nwidths = [16]\n" for n in range(limits.IMAGES))
    assert len(recipes(many)) == limits.IMAGES
    assert "named" in reasons(many + "[images.b]\nwidths = [16]\n")


@pytest.mark.parametrize("name", ["Card", "1", "a b", '"a/b"', '"../a"', '""'])
def test_a_name_is_part_of_an_address(name: str) -> None:
    quoted = name if name.startswith('"') else f'"{name}"'
    assert "is not a name" in reasons(f"[images.{quoted}]\nwidths = [16]")


def test_images_are_a_table() -> None:
    assert "images" in reasons("images = 3")
