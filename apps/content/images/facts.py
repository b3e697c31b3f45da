"""What is known of a picture without showing it: type, size, and what can be made of it. Pure."""

from dataclasses import dataclass
from typing import Final

TYPES: Final = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
}
"""By the name of the format."""
FORMATS: Final = {kind: name for name, kind in TYPES.items()}

OPAQUE, TRANSPARENT = "opaque", "transparent"
MOVING, HEAVY = "moving", "heavy"
"""Pictures that move, or have too many pixels, are served as they are."""
NATURES: Final = frozenset({OPAQUE, TRANSPARENT, MOVING, HEAVY})
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
"""Of files that are looked at. What they are is what they hold, whatever they are called."""
SHOWN: Final = (*SUFFIXES, ".svg")
"""Of files that a page can show as pictures."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`width` and `height` are those that people see, in pixels; 0 where nobody knows. `nature` is
    empty for what is no picture, or none that can be read."""

    type: str = ""
    width: int = 0
    height: int = 0
    nature: str = ""

    @property
    def can_be_made(self) -> bool:
        """Whether there are renditions of it."""
        return self.nature in (OPAQUE, TRANSPARENT)


UNKNOWN: Final = Facts()

_STARTS: Final = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_KINDS: Final = {"webp": (b"RIFF", b"WEBP"), "avif": (b"ftyp", b"avif")}


def looks_like(form: str, content: bytes) -> bool:
    """Whether the first bytes are those of the format."""
    if start := _STARTS.get(form):
        return content.startswith(start)
    first, second = _KINDS[form]
    return first in content[:8] and content[8:12] == second


def is_looked_at(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def may_be_shown(name: str) -> bool:
    return name.lower().endswith(SHOWN)
