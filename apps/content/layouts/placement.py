"""Where a file of the repository belongs, and what its front matter means here. Pure.

One function reads a document; what the layouts do differently stands in a module for each.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Protocol

from apps.content.addresses import address, segments
from apps.content.configuration import OWN_FOLDERS, PATH, Configuration
from apps.content.layouts import hugo, jekyll, own, zola
from apps.content.layouts.rules import MARKUP, PLAIN_ASSETS, RULES, Meaning, Placement, Role
from apps.content.parts import Part
from apps.content.slugs import slugify


class _System(Protocol):
    """What each module of another system answers."""

    def role(self, part: Part, source: str) -> Role: ...
    def asset_path(self, part: Part, source: str) -> str: ...
    def meaning(self, part: Part, source: str, front: Mapping[str, Any]) -> Meaning: ...
    def term_slug(self, name: str) -> str: ...


KEPT = (PATH, "extensions.lock")
POLICIES, POLICY_FILES = "policies/", (".cedar", ".toml")
"""They hold whatever the layout: nobody writes them for nothing."""
FOREIGN: Mapping[str, _System] = {"hugo": hugo, "jekyll": jekyll}
FRAGMENTS = frozenset(("hugo", "jekyll", "zola"))
"""Layouts whose documents hold what only that system can run."""
RUN = ("markdown", "html")
"""Kinds of documents that it is looked for in."""


def role(configuration: Configuration, source: str) -> Role:
    """What to do with a source. Hidden files and foreign folders are ignored."""
    policy = source.startswith(POLICIES) and source.endswith(POLICY_FILES)
    if policy or source in KEPT or (configuration.own and source.startswith(OWN_FOLDERS)):
        return Role.KEPT
    part = configuration.part(source)
    parts = source.split("/")
    if any(part.startswith(".") for part in parts):
        return _hidden(part, source)
    if part.layout in FOREIGN:
        return FOREIGN[part.layout].role(part, source)
    if part.root and not part.top and parts[0] in ("media", "static") and len(parts) > 1:
        return Role.ASSET
    if not source.startswith(part.root):
        return Role.IGNORED
    suffix = PurePosixPath(source).suffix.lower()
    if suffix in RULES[part.layout].markup:
        return Role.DOCUMENT
    if part.layout == "plain" and suffix not in PLAIN_ASSETS:
        return Role.IGNORED
    return Role.ASSET


def _hidden(part: Part, source: str) -> Role:
    """Jekyll's owners can say that a hidden folder belongs to the site."""
    if part.layout == "jekyll" and jekyll.is_shown(part, source):
        return Role.ASSET
    return Role.IGNORED


def turns_out(configuration: Configuration, source: str, content: bytes) -> Role:
    """What a file of either role is, by what is written in it."""
    return jekyll.turns_out(configuration.part(source), source, content)


def markup(configuration: Configuration, source: str) -> str:
    """The name of the renderer that a document's body needs; after a plus sign, whose fragments
    there may be in it."""
    part = configuration.part(source)
    kind = MARKUP[PurePosixPath(source).suffix.lower()]
    base = part.markdown if kind == "markdown" else kind
    return f"{base}+{part.layout}" if part.layout in FRAGMENTS and kind in RUN else base


def asset_url(configuration: Configuration, source: str) -> str:
    """Assets beside documents answer where the file stands; `static/` is the site's root.

    Raises AddressError.
    """
    part = configuration.part(source)
    if part.layout in FOREIGN:
        inner = FOREIGN[part.layout].asset_path(part, source)
    elif source.startswith("media/") and not part.top:
        return "/" + "/".join(segments(source))
    else:
        root = "static/" if _in_static(part, source) else part.root
        inner = source[len(root) :]
    return address((*part.at, *segments(inner))).rstrip("/")


def place(configuration: Configuration, source: str, front: Mapping[str, Any]) -> Placement:
    """Where a document answers. Raises AddressError or LeftOut."""
    return meaning(configuration, source, front).placement


def meaning(configuration: Configuration, source: str, front: Mapping[str, Any]) -> Meaning:
    """What a document's front matter comes to here. Raises AddressError or LeftOut."""
    part = configuration.part(source)
    if part.layout in FOREIGN:
        return FOREIGN[part.layout].meaning(part, source, front)
    if part.layout == "zola":
        front = zola.neutral(part, source, front)
    return Meaning(front, own.place(part, source, front))


def term_slug(configuration: Configuration, source: str, name: str) -> str:
    """A term as its address shows it; empty for one that no address can hold."""
    layout = configuration.part(source).layout
    return FOREIGN[layout].term_slug(name) if layout in FOREIGN else slugify(name)


def _in_static(part: Part, source: str) -> bool:
    return bool(part.root) and not part.top and source.startswith("static/")
