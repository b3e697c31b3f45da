"""What is made of pictures, and of what only says that it is one."""

import PIL
import pytest
from PIL import Image, ImageCms

from apps.content.images import bounds
from apps.content.images.facts import HEAVY, MOVING, OPAQUE, TRANSPARENT, Facts, looks_like
from apps.content.images.library import library
from apps.content.images.pillow import NotMade, Order, look, make
from tests.pictures import moving, opened, picture, png, told, written

WHOLE = (0.0, 0.0, 60.0, 40.0)
FORMATS = ("jpeg", "png", "webp", "avif")
RED, BLUE = (255, 0, 0), (0, 0, 255)


def order(form: str = "png", size: tuple[int, int] = (30, 20), **changed: object) -> Order:
    given = {"width": size[0], "height": size[1], "box": WHOLE, "format": form, "quality": 80}
    return Order(**{**given, **changed})  # type: ignore[arg-type]


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 24 for a, b in zip(pixel, colour, strict=False))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_known_by_what_it_holds(form: str) -> None:
    kind = f"image/{form.lower()}"
    assert look(picture(form=form)) == Facts(kind, 60, 40, OPAQUE)
    if form != "JPEG":
        assert look(picture(form=form, mode="RGBA")) == Facts(kind, 60, 40, TRANSPARENT)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_known_to(form: str) -> None:
    facts = look(moving(form))
    assert (facts.width, facts.height, facts.nature) == (60, 40, MOVING)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright(orientation: int) -> None:
    content = picture(exif=told(orientation))
    turned = orientation > 4
    width, height = (40, 60) if turned else (60, 40)
    assert look(content) == Facts("image/jpeg", width, height, OPAQUE)
    box = (0.0, 0.0, float(width), float(height))
    shown = opened(make(content, order(size=(width, height), box=box)))
    where = {
        **{1: (2, 20), 2: (57, 20), 3: (57, 20), 4: (2, 20)},
        **{5: (20, 2), 6: (20, 2), 7: (20, 57), 8: (20, 57)},
    }[orientation]
    assert near(shown.convert("RGB").getpixel(where), RED)


@pytest.mark.parametrize("form", FORMATS)
def test_a_rendition_has_the_size_and_format_of_its_order(form: str) -> None:
    made = make(picture(), order(form))
    assert looks_like(form, made)
    assert opened(made).size == (30, 20)
    assert make(picture(), order(form)) == made, "the same bytes each time"


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_that_a_picture_was_told_beside_goes_into_a_rendition(form: str) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for source in ("JPEG", "PNG", "WEBP"):
        content = picture(form=source, exif=told(), icc_profile=srgb, xmp=b"<x:xmpmeta/>")
        made = make(content, order(form))
        info = opened(made).info
        assert not {"exif", "icc_profile", "xmp", "comment"} & info.keys()
        assert b"secret" not in made
        assert b"secret" in content


def test_only_the_ordered_part_is_shown() -> None:
    shown = opened(make(picture(), order(size=(20, 40), box=(0.0, 0.0, 20.0, 40.0))))
    assert near(shown.getpixel((10, 20)), RED)
    shown = opened(make(picture(), order(size=(20, 40), box=(40.0, 0.0, 60.0, 40.0))))
    assert near(shown.getpixel((10, 20)), BLUE)


def test_a_large_jpeg_is_cropped_where_it_was_to_be_though_it_is_decoded_small() -> None:
    content = picture((1200, 800))
    small = order(size=(20, 40), box=(0.0, 0.0, 400.0, 800.0))
    assert near(opened(make(content, small)).getpixel((10, 20)), RED)
    assert near(opened(make(content, small)).getpixel((18, 20)), RED)


def test_what_shows_something_through_still_does() -> None:
    content = picture(form="PNG", mode="RGBA")
    for form in ("png", "webp", "avif"):
        shown = opened(make(content, order(form)))
        assert shown.mode == "RGBA"
        pixel = shown.getpixel((25, 10))
        assert isinstance(pixel, tuple)
        assert abs(pixel[3] - 80) < 12
    with pytest.raises(NotMade):
        make(content, order("jpeg"))


@pytest.mark.parametrize(
    ("mode", "form", "given", "seen"),
    [
        ("I;16", "PNG", 0x8000, (128, 128, 128)),
        ("L", "PNG", 128, (128, 128, 128)),
        ("1", "PNG", 1, (255, 255, 255)),
        ("P", "PNG", (255, 0, 0), RED),
        ("CMYK", "JPEG", (0, 255, 255, 0), RED),
    ],
)
def test_palettes_greys_deep_greys_and_inks_become_what_they_look_like(
    mode: str, form: str, given: float | tuple[int, ...], seen: tuple[int, ...]
) -> None:
    content = written(Image.new(mode, (60, 40), given), form)
    assert near(opened(make(content, order())).convert("RGB").getpixel((5, 5)), seen)


def test_a_transparent_colour_of_a_palette_is_transparent() -> None:
    palette = Image.new("P", (60, 40), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    content = written(palette, "PNG", transparency=0)
    assert look(content).nature == TRANSPARENT
    pixel = opened(make(content, order())).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


def test_colours_are_turned_into_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert make(picture(icc_profile=lab), order()) == make(picture(), order()), "of other channels"
    assert make(picture(icc_profile=b"\0" * 200), order()) == make(picture(), order())
    assert make(picture(icc_profile=b"x"), order()) == make(picture(), order())


@pytest.mark.parametrize(
    ("size", "nature"),
    [
        ((bounds.SIDE, 1), OPAQUE),
        ((bounds.SIDE + 1, 1), HEAVY),
        ((6000, bounds.PIXELS // 6000), OPAQUE),
        ((6000, bounds.PIXELS // 6000 + 1), HEAVY),
        ((100_000, 100_000), HEAVY),
    ],
)
def test_a_picture_of_too_many_pixels_is_looked_at_and_no_more(
    size: tuple[int, int], nature: str
) -> None:
    content = png(size)
    assert len(content) < 100
    assert look(content) == Facts("image/png", *size, nature)
    if nature == HEAVY:
        with pytest.raises(NotMade):
            make(content, order())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        picture()[:20],
        png((0, 0)),
    ],
)
def test_what_is_no_picture_is_none(content: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017  Pillow's own are many.
        look(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_that_ends_too_early_is_not_made(form: str) -> None:
    noise = Image.effect_noise((60, 40), 90).convert("RGB")
    content = written(noise, form)
    with pytest.raises(Exception):  # noqa: B017
        make(content[: len(content) * 2 // 3], order())


def test_what_follows_a_picture_does_not_go_into_a_rendition() -> None:
    payload = b"<script>alert(1)</script>"
    made = make(picture() + payload, order("jpeg"))
    assert payload not in made
    assert made == make(picture(), order("jpeg"))


def test_the_library_tells_what_it_can_write() -> None:
    for form in library()[:-1]:
        assert looks_like(form, make(picture(), order(form)))
    assert library()[-1] == f"pillow-{PIL.__version__}"
