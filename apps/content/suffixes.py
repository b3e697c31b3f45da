"""What the end of an address or a file's name says of it, for other systems' layouts. Pure."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from apps.content.elements import names

PAGE = (".html", ".htm")
"""An address that ends so is a document's very own, without a slash."""
OTHER = names(
    ".xml .rss .atom .json .txt .css .js .mjs .svg .csv .ics .yml .yaml .webmanifest .map .scss"
    " .sass .coffee"
)
"""What these systems make of a document or a file that is no page."""


def is_page(parts: Sequence[str]) -> bool:
    return not parts or PurePosixPath(parts[-1]).suffix.lower() not in OTHER
