"""A folder of the site that is read by one layout; a site is one of them, or a mixture. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from apps.content.foreign.files import LayoutName
from apps.content.foreign.values import NOTHING, Foreign

Dialect = Literal["commonmark", "python-markdown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`top` holds all of it and `root` its documents; both end with a slash or are empty. `at` are
    the segments that its addresses begin with."""

    layout: LayoutName
    top: str = ""
    root: str = ""
    at: tuple[str, ...] = ()
    own: bool = False
    markdown: Dialect = "commonmark"
    taxonomies: tuple[str, ...] = ()
    permalinks: Mapping[str, str] = field(default_factory=dict)
    foreign: Foreign = NOTHING
    readme: bool = False
    """Whether README stands for the front page, as nothing else does."""

    def reading(self) -> tuple[object, ...]:
        """What the rows of its documents depend on."""
        links = tuple(sorted(self.permalinks.items()))
        how = (self.layout, self.markdown, self.taxonomies, links, self.readme)
        return (self.top, self.root, self.at, self.own, *how, self.foreign.reading())
