"""Pictures in confined workers: what is asked of them, and what becomes of one that misbehaves."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.content.image_workers import LIMITS, ImageWorkers, Unreadable
from apps.content.images import bounds
from apps.content.images.facts import HEAVY, OPAQUE, Facts, looks_like
from apps.content.images.renditions import Rendition
from apps.runtime.workers import Workers
from tests.pictures import chunk, moving, opened, picture, png, told, written


@pytest.fixture(scope="module")
def images(workers: Workers) -> Iterator[ImageWorkers]:
    found = ImageWorkers(workers)
    yield found
    found.close()


def rendition(form: str = "webp", width: int = 30, height: int = 20) -> Rendition:
    return Rendition(
        width=width, height=height, box=(0, 0, 60, 40), format=form, quality=80, key="k"
    )


def saved(folder: Path, *contents: bytes) -> list[Path]:
    paths = [folder / f"{number}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def test_files_are_looked_at_in_their_order(images: ImageWorkers, tmp_path: Path) -> None:
    contents = [picture((10 + n, 5), "PNG") for n in range(bounds.BATCH + 1)]
    found = list(images.look(saved(tmp_path, *contents)))
    assert found == [Facts("image/png", 10 + n, 5, OPAQUE) for n in range(bounds.BATCH + 1)]


def test_a_bad_file_spoils_no_other(images: ImageWorkers, tmp_path: Path) -> None:
    contents = [picture(), b"none", b"", png((100_000, 100_000)), moving(), picture(form="AVIF")]
    found = list(images.look(saved(tmp_path, *contents)))
    natures = [each.nature if each else None for each in found]
    assert natures == ["opaque", None, None, HEAVY, "moving", "opaque"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_whose_size_is_not_at_its_beginning_is_read_as_a_whole(
    images: ImageWorkers, tmp_path: Path, form: str
) -> None:
    noise = Image.effect_noise((500, 400), 99).convert("RGB")
    content = written(noise, form, **{} if form == "PNG" else {"quality": 95})
    if form == "JPEG":
        filler = b"\xff\xed\xff\xff" + bytes(0xFFFD)
        content = content[:2] + filler * 3 + content[2:]
    assert len(content) > bounds.HEADER_BYTES
    (found,) = images.look(saved(tmp_path, content))
    assert found == Facts(f"image/{form.lower()}", 500, 400, OPAQUE)


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "avif"])
def test_a_confined_worker_makes_every_format(
    images: ImageWorkers, tmp_path: Path, form: str
) -> None:
    for source in ("JPEG", "PNG", "WEBP", "AVIF"):
        (path,) = saved(tmp_path, picture(form=source, exif=told(3)))
        made = images.make(path, rendition(form))
        assert looks_like(form, made)
        assert opened(made).size == (30, 20)


def test_a_picture_of_nothing_is_unreadable(images: ImageWorkers, tmp_path: Path) -> None:
    (path,) = saved(tmp_path, b"nothing")
    with pytest.raises(Unreadable):
        images.make(path, rendition())


def test_what_takes_its_worker_down_is_blamed_and_nobody_else(
    workers: Workers, tmp_path: Path
) -> None:
    """It is given so little time that any real work goes over it."""
    short = ImageWorkers(workers, replace(LIMITS, cpu_seconds=0.05))
    noise = Image.effect_noise((1500, 1500), 99).convert("RGB")
    heavy, light = saved(tmp_path, written(noise, "PNG", compress_level=1), picture())
    large = Rendition(
        width=1500, height=1500, box=(0, 0, 1500, 1500), format="avif", quality=90, key="k"
    )
    try:
        with pytest.raises(Unreadable, match="CPU"):
            short.make(heavy, large)
        assert looks_like("jpeg", short.make(light, rendition("jpeg")))
    finally:
        short.close()


@pytest.mark.long
def test_what_takes_too_much_memory_is_blamed(workers: Workers, tmp_path: Path) -> None:
    small = ImageWorkers(workers, replace(LIMITS, memory=128 * bounds.MIB))
    (path,) = saved(tmp_path, written(Image.new("RGBA", (5000, 4800), "red"), "PNG"))
    wanted = replace(rendition("png"), box=(0, 0, 5000, 4800))
    try:
        with pytest.raises(Unreadable):
            small.make(path, wanted)
    finally:
        small.close()


def test_a_request_that_is_too_long_is_not_sent(images: ImageWorkers, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(bounds.FILE_BYTES + 1)
    assert list(images.look([path])) == [None]
    with pytest.raises(Unreadable):
        images.make(path, rendition())


HOSTILE = {
    "a profile that unpacks to a gigabyte": png(
        (60, 40), chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2**24)))
    ),
    "texts without end": png((60, 40), *[chunk(b"zTXt", b"k\0\0" + b"x" * 999)] * 99),
    "a palette of nothing": png((60, 40), chunk(b"PLTE", b""), colour=3),
    "a palette that is too long": png((60, 40), chunk(b"PLTE", bytes(3 * 999)), colour=3),
    "many frames of nothing": b"GIF89a" + b"z" * 4 + bytes(3) + b",\0\0\0\0zzzz\0" * 999,
    "a JPEG of markers": b"\xff\xd8" + b"\xff\xe1\0\x02" * 9999,
    "a web page in front": b"<script>alert(1)</script>" + picture(),
    "EXIF that points at itself": picture(exif=b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 99),
    "two pictures in one": picture() + picture(form="PNG"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_costs_itself_alone(
    images: ImageWorkers, tmp_path: Path, name: str
) -> None:
    good, bad = picture(), HOSTILE[name]
    found = list(images.look(saved(tmp_path, good, bad, good)))
    assert found[0] == found[2] == Facts("image/jpeg", 60, 40, OPAQUE)
    made = None
    with suppress(Unreadable):
        made = images.make(tmp_path / "1", rendition("jpeg"))
    assert made is None or b"script" not in made


FORMS = st.sampled_from(("JPEG", "PNG", "WEBP", "AVIF", "GIF"))


@pytest.mark.long
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FORMS, st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), max_size=12))
def test_no_mutation_brings_more_than_an_answer(
    images: ImageWorkers, tmp_path: Path, form: str, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(picture(form=form, exif=told(6)) if form != "GIF" else moving())
    for place, value in changes:
        content[place % len(content)] = value
    (path,) = saved(tmp_path, bytes(content))
    (facts,) = images.look([path])
    assert facts is None or facts.width > 0
    try:
        assert looks_like("png", images.make(path, rendition("png")))
    except Unreadable:
        assert True
