"""What layouts say of a file and of a document: values, and how our own layouts differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

MARKUP = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
}
ADDRESS = "document.address"


class Role(Enum):
    """What a file of the site repository is to the server."""

    DOCUMENT = "document"
    ASSET = "asset"
    EITHER = "either"
    """Only what is written in it tells (`turns_out`)."""
    KEPT = "kept"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Rules:
    """How one layout differs from another."""

    markup: frozenset[str]
    slugs: bool
    dated_names: bool
    section_names: frozenset[str]
    bundle_names: frozenset[str]


RULES = {
    "whispercms": Rules(frozenset(MARKUP), True, True, frozenset({"_index"}), frozenset({"index"})),
    "zola": Rules(frozenset({".md"}), True, True, frozenset({"_index"}), frozenset({"index"})),
    "plain": Rules(
        frozenset({".md", ".markdown", ".adoc", ".asciidoc"}),
        False,
        False,
        frozenset({"_index", "index", "readme"}),
        frozenset(),
    ),
}

# Of a repository that was not made to be a site, only what a page can show is served.
PLAIN_ASSETS = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico"),
        *(".mp4", ".webm", ".mp3", ".ogg", ".wav", ".pdf", ".woff", ".woff2"),
    )
)


@dataclass(frozen=True, slots=True)
class Placement:
    """`section` is the folder, as URLs show it, whose list shows the document (or, of a section,
    its own); `name_date` may be empty."""

    url: str
    kind: str
    section: str
    name_date: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A document's front matter in our keys, whatever system it was written for, and its place.
    `told` are pairs of a problem's code and reason."""

    front: Mapping[str, Any]
    placement: Placement
    told: tuple[tuple[str, str], ...] = ()


class LeftOut(ValueError):
    """The document has no place on this site."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
