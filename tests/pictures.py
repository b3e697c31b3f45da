"""Builders of pictures, small and of plain colours, and of files that only say that they are."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

Size = tuple[int, int]
Colour = int | tuple[int, ...]


def picture(size: Size = (60, 40), form: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """Its left third is red, the rest blue; of modes without colour the left third is white."""
    colours: dict[str, tuple[Colour, Colour]] = {
        "L": (255, 0),
        "RGB": ((255, 0, 0), (0, 0, 255)),
        "RGBA": ((255, 0, 0, 255), (0, 0, 255, 80)),
    }
    left, rest = colours[mode]
    image = Image.new(mode, size, rest)
    image.paste(left, (0, 0, size[0] // 3, size[1]))
    return written(image, form, **options)


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def told(orientation: int = 1, **tags: Any) -> Image.Exif:
    """EXIF with an orientation, and a place on the earth."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a secret description"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return exif


def moving(form: str = "GIF", size: Size = (60, 40), frames: int = 3) -> bytes:
    images = [Image.new("RGB", size, (80 * n, 0, 0)) for n in range(frames)]
    return written(images[0], form, save_all=True, append_images=images[1:], duration=100)


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(size: Size, *chunks: bytes, pixels: bytes = b"", colour: int = 2) -> bytes:
    """A PNG of that size, whatever is in it."""
    header = struct.pack(">IIBBBBB", *size, 8, colour, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(pixels))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *chunks, data, chunk(b"IEND", b""))
    )


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image
