"""Which library makes renditions here, and in which formats: asked of its packaging, as nothing of
it is to be loaded outside its worker.
"""

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final

ALWAYS: Final = ("jpeg", "png")
SOMETIMES: Final = {"avif": "PIL._avif", "webp": "PIL._webp"}
"""By the part of the library that a build may lack."""


@cache
def library() -> tuple[str, ...]:
    """Its formats, then its name and version: equal where the same bytes come of the same order."""
    found = (name for name, module in SOMETIMES.items() if find_spec(module) is not None)
    return (*ALWAYS, *sorted(found), f"pillow-{version('pillow')}")
