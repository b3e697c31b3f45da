"""Where a file of the repository belongs and under which URL its document answers. Pure.

One function places a source; what the layouts do differently stands in `Rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from apps.content import dates
from apps.content.addresses import address, segments
from apps.content.configuration import OWN_FOLDERS, PATH, Configuration
from apps.content.slugs import slugify

MARKUP = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
}
KEPT = (PATH, "extensions.lock")
POLICIES, POLICY_FILES = "policies/", (".cedar", ".toml")
"""They hold whatever the layout: nobody writes them for nothing."""


class Role(Enum):
    """What a file of the site repository is to the server."""

    DOCUMENT = "document"
    ASSET = "asset"
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


def role(configuration: Configuration, source: str) -> Role:
    """What to do with a source. Hidden files and foreign folders are ignored."""
    policy = source.startswith(POLICIES) and source.endswith(POLICY_FILES)
    if policy or source in KEPT or (configuration.own and source.startswith(OWN_FOLDERS)):
        return Role.KEPT
    parts = source.split("/")
    if any(part.startswith(".") for part in parts):
        return Role.IGNORED
    if configuration.root and parts[0] in ("media", "static") and len(parts) > 1:
        return Role.ASSET
    if not source.startswith(configuration.root):
        return Role.IGNORED
    suffix = PurePosixPath(source).suffix.lower()
    if suffix in RULES[configuration.layout].markup:
        return Role.DOCUMENT
    if configuration.layout == "plain" and suffix not in PLAIN_ASSETS:
        return Role.IGNORED
    return Role.ASSET


def markup(configuration: Configuration, source: str) -> str:
    """The name of the renderer that a document's body needs."""
    kind = MARKUP[PurePosixPath(source).suffix.lower()]
    return configuration.markdown if kind == "markdown" else kind


def asset_url(configuration: Configuration, source: str) -> str:
    """Assets beside documents answer where the file stands; `static/` is the site's root.

    Raises AddressError.
    """
    if source.startswith("media/"):
        return "/" + "/".join(segments(source))
    root = "static/" if _in_static(configuration, source) else configuration.root
    return address(segments(source[len(root) :])).rstrip("/")


def place(configuration: Configuration, source: str, front: Mapping[str, object]) -> Placement:
    """Where a document answers. Raises AddressError."""
    rules = RULES[configuration.layout]
    inner = PurePosixPath(source[len(configuration.root) :])
    stem, folders = inner.stem, inner.parts[:-1]
    if stem.lower() in rules.section_names:
        shown = _shown(rules, folders)
        return Placement(address(_override(front) or shown), "section", "/".join(shown), dates.NONE)
    bundled = stem.lower() in rules.bundle_names
    if bundled and not folders:
        return Placement(address(_override(front)), "page", "", dates.NONE)
    if bundled:
        stem, folders = folders[-1], folders[:-1]
    named, stem = dates.split_name(stem) if rules.dated_names else (dates.NONE, stem)
    name = _slug(front) or (slugify(stem) if rules.slugs else "") or stem
    shown = _shown(rules, folders)
    section = "/".join(shown)
    own = (
        _override(front) or _permalink(configuration, section, name, front, named) or (*shown, name)
    )
    return Placement(address(own), "page", section, named)


def _in_static(configuration: Configuration, source: str) -> bool:
    return bool(configuration.root) and source.startswith("static/")


def _shown(rules: Rules, folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slugify(f) or f for f in folders) if rules.slugs else folders


def _override(front: Mapping[str, object]) -> tuple[str, ...]:
    path = front.get("path")
    return segments(path) if isinstance(path, str) else ()


def _slug(front: Mapping[str, object]) -> str:
    slug = front.get("slug")
    return "/".join(segments(slug)) if isinstance(slug, str) else ""


def _permalink(
    configuration: Configuration,
    section: str,
    name: str,
    front: Mapping[str, object],
    named: str,
) -> tuple[str, ...]:
    """The pattern configured for the section, such as `/{year}/{month}/{slug}/`."""
    pattern = configuration.permalinks.get(section)
    date = dates.read_date(front.get("date")) or named
    if not pattern or (not date and "{year}" in pattern):
        return ()
    for key, value in {
        "slug": name,
        "section": section,
        "year": date[:4],
        "month": date[5:7],
        "day": date[8:10],
    }.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return segments(pattern)
