"""Everything done with the bytes of a picture, by Pillow: the one module that imports it.

Runs in a confined worker on hostile bytes. Raises whatever Pillow raises: `worker` tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import (  # noqa: F401  What is not imported before the worker is confined is not there.
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from apps.content.images.bounds import JPEG_PIXELS, PIXELS, PROFILE_BYTES, SIDE
from apps.content.images.facts import HEAVY, MOVING, OPAQUE, TRANSPARENT, TYPES, Facts

READ: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_ORIENTATION: Final = 0x0112
_TURNS: Final[Mapping[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By the orientation that EXIF tells."""
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_ALIKE: Final = {"1": "L", "L": "L", "RGB": "RGB", "CMYK": "CMYK", "RGBA": "RGBA", "LA": "RGBA"}
_DEEP: Final = 256.0
"""How much more a grey of 16 bits is than one of 8."""
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "jpeg": {"optimize": True, "progressive": True},
    "png": {"optimize": False, "compress_level": 9},
    "webp": {"method": 4},
    # A confined worker may start no threads.
    "avif": {"speed": 8, "codec": "aom", "max_threads": 1, "autotiling": False},
}
_SRGB: Final = ImageCms.createProfile("sRGB")
_BOX = tuple[float, float, float, float]

# Its own bound only warns, and a warning would have to open source files.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


class NotMade(ValueError):
    """There is no such rendition of this picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make: `box` is the part that is shown, in pixels of the picture as people see it."""

    width: int
    height: int
    box: _BOX
    format: str
    quality: int


def look(content: bytes) -> Facts:
    """Reads the header alone; of some formats it takes the whole file to have it."""
    with Image.open(BytesIO(content), formats=READ) as image:
        name = "JPEG" if image.format == "MPO" else str(image.format)
        width, height = image.size
        if _orientation(image) in _SIDEWAYS:
            width, height = height, width
        return Facts(TYPES[name.lower()], width, height, _nature(image, name))


def make(content: bytes, order: Order) -> bytes:
    """The picture in other pixels, upright, in sRGB, and with nothing that it was told beside."""
    with Image.open(BytesIO(content), formats=READ) as image:
        if _is_heavy(image):
            raise NotMade("it has too many pixels")
        orientation = _orientation(image)
        profile = image.info.get("icc_profile")
        scale = _draft(image, order, sideways=orientation in _SIDEWAYS)
        image.load()
        upright = image.transpose(_TURNS[orientation]) if orientation in _TURNS else image
        plain = _plain(upright)
        left, top, right, bottom = (side * scale for side in order.box)
        box = (left, top, min(right, plain.width), min(bottom, plain.height))
        size = order.width, order.height
        small = plain.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return _written(_in_srgb(small, profile), order)


def _nature(image: Image.Image, name: str) -> str:
    if _is_heavy(image):
        return HEAVY
    if name == "GIF" or (name != "JPEG" and getattr(image, "is_animated", False)):
        return MOVING
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return TRANSPARENT if see_through else OPAQUE


def _is_heavy(image: Image.Image) -> bool:
    most = JPEG_PIXELS if image.format in ("JPEG", "MPO") else PIXELS
    return max(image.size) > SIDE or image.width * image.height > most


def _orientation(image: Image.Image) -> int:
    """Upright where nothing else can be read."""
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # To look for it behind the pixels, Pillow would decode them all.
    try:
        told = image.getexif().get(_ORIENTATION)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except Exception:
        return 1
    return told if type(told) is int and told in _TURNS else 1


def _draft(image: Image.Image, order: Order, *, sideways: bool) -> float:
    """Has a JPEG decoded no larger than it is needed; returns how much smaller it is then."""
    left, _, right, _ = order.box
    needed = order.width / (right - left)
    before = image.size
    image.draft(None, (round(before[0] * needed), round(before[1] * needed)))
    return image.size[1] / before[1] if sideways else image.size[0] / before[0]


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be resized without loss and written."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
        return image.convert("I").point(lambda value: value * (1 / _DEEP)).convert("L")
    if "transparency" in image.info or image.mode in ("PA", "RGBa", "La"):
        return image.convert("RGBA")
    return (
        image
        if image.mode == _ALIKE.get(image.mode)
        else image.convert(_ALIKE.get(image.mode, "RGB"))
    )


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """A profile that cannot be read counts as none."""
    target = "RGBA" if image.mode == "RGBA" else "RGB"
    if isinstance(profile, bytes) and 0 < len(profile) <= PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, _SRGB, outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            return turned
    return image.convert("RGB") if image.mode == "CMYK" else image


def _written(image: Image.Image, order: Order) -> bytes:
    if order.format == "jpeg" and image.mode == "RGBA":
        raise NotMade("JPEG shows nothing through")
    if order.format == "avif" and image.mode == "L":
        image = image.convert("RGB")
    image.info = {}
    out = BytesIO()
    quality = {} if order.format == "png" else {"quality": order.quality}
    image.save(out, order.format.upper(), **_OPTIONS[order.format], **quality)
    return out.getvalue()
