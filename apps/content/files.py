"""Where the content of one served environment lies on this node's disk. Pure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ContentFiles:
    """All of it can be deleted and is made again from the commit.

    `index` and `generation` belong to one environment; `renderings` and `assets` are found by
    blob and shared by all.
    """

    index: Path
    generation: Path
    renderings: Path
    assets: Path

    @property
    def images(self) -> Path:
        """Renditions of pictures; shared by all."""
        return self.assets.with_name("images")

    def asset(self, blob: str) -> Path:
        return self.assets / blob[:2] / blob[2:]
