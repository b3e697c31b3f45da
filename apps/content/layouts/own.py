"""Where documents of our own layouts answer: ours, Zola's, and plain folders of Markdown. Pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from apps.content import dates
from apps.content.addresses import MAXIMUM, AddressError, address, segments
from apps.content.layouts.rules import RULES, Placement, Rules
from apps.content.parts import Part
from apps.content.slugs import slugify

Front = Mapping[str, object]


def place(part: Part, source: str, front: Front) -> Placement:
    """Raises AddressError."""
    rules = RULES[part.layout]
    inner = PurePosixPath(source[len(part.root) :])
    stem, folders = inner.stem, inner.parts[:-1]
    if stem.lower() in rules.section_names:
        shown = (*part.at, *_shown(rules, folders))
        return Placement(address(_override(front) or shown), "section", "/".join(shown), dates.NONE)
    bundled = stem.lower() in rules.bundle_names
    if bundled and not folders:
        own = _override(front) or part.at
        return Placement(address(own), "page", "/".join(part.at), dates.NONE)
    if bundled:
        stem, folders = folders[-1], folders[:-1]
    named, stem = dates.split_name(stem) if rules.dated_names else (dates.NONE, stem)
    name = _slug(front) or (slugify(stem) if rules.slugs else "") or stem
    shown = (*part.at, *_shown(rules, folders))
    section = "/".join(shown)
    own = _override(front) or _permalink(part, section, name, front, named) or (*shown, name)
    return Placement(address(own), "page", section, named)


def _shown(rules: Rules, folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slugify(f) or f for f in folders) if rules.slugs else folders


def _override(front: Front) -> tuple[str, ...]:
    path = front.get("path")
    return segments(path) if isinstance(path, str) else ()


def _slug(front: Front) -> str:
    slug = front.get("slug")
    return "/".join(segments(slug)) if isinstance(slug, str) else ""


def _permalink(part: Part, section: str, name: str, front: Front, named: str) -> tuple[str, ...]:
    """The pattern configured for the section, such as `/{year}/{month}/{slug}/`."""
    pattern = part.permalinks.get(section)
    date = dates.read_date(front.get("date")) or named
    if not pattern or (not date and "{year}" in pattern):
        return ()
    if len(pattern) > MAXIMUM:
        raise AddressError(f"the pattern {pattern[:80]!r} has over {MAXIMUM} characters")
    for key, value in {
        "slug": name,
        "section": section,
        "year": date[:4],
        "month": date[5:7],
        "day": date[8:10],
    }.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return segments(pattern)
