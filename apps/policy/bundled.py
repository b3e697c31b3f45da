"""The policies that come with the product: the base of every site, and samples to begin with."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from apps.policy.splitting import PolicyText, split

BASE: Final = "base"
"""Stands for a path in the names of bundled policies: no site has such a file."""
DEFAULT: Final = "single-author"
"""The sample that holds where a site has no policies of its own."""
_HERE: Final = Path(__file__).parent
_SAMPLES: Final = _HERE / "samples"
SAMPLES: Final = ("single-author", "team", "private-sections")


@cache
def base() -> tuple[str, tuple[PolicyText, ...]]:
    text = (_HERE / "base.cedar").read_text(encoding="utf-8")
    return BASE, split(text)


@cache
def sample(name: str) -> Mapping[str, bytes]:
    """Its files by path, as they are to be in a site. Raises KeyError for a name of none."""
    if name not in SAMPLES:
        raise KeyError(name)
    folder = _SAMPLES / name
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return MappingProxyType(found)
