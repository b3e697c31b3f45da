"""Documents that were written for Hugo: where they answer, and their front matter in our keys.

Pure. https://gohugo.io/content-management/ says what they mean.
"""

import posixpath
import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from apps.content import dates
from apps.content.addresses import MAXIMUM, address, file_address, segments
from apps.content.foreign.values import lowered, texts, truth
from apps.content.layouts.hugo_paths import FIRST, filled, named, urlised
from apps.content.layouts.rules import ADDRESS, LeftOut, Meaning, Placement, Role
from apps.content.parts import Part
from apps.content.suffixes import PAGE, is_page

MARKUP = frozenset((".md", ".markdown", ".html", ".htm", ".adoc", ".asciidoc"))
Front = Mapping[str, Any]
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def role(part: Part, source: str) -> Role:
    if source.startswith(part.root):
        suffix = PurePosixPath(source).suffix.lower()
        return Role.DOCUMENT if suffix in MARKUP else Role.ASSET
    return Role.ASSET if _static(part, source) else Role.IGNORED


def asset_path(part: Part, source: str) -> str:
    """Folders as pages have them, but a file's own name as it is."""
    if folder := _static(part, source):
        return source[len(folder) :]
    folders, _, name = source[len(part.root) :].rpartition("/")
    return "/".join((*_shown(part, tuple(folders.split("/"))), name))


def term_slug(name: str) -> str:
    found = urlised(name).strip("/").replace("/", "-")
    return "" if found in (".", "..") else found


def meaning(part: Part, source: str, front: Front) -> Meaning:
    """Raises AddressError or LeftOut."""
    inner = PurePosixPath(source[len(part.root) :])
    stem = _in_one_language(part, inner.stem)
    low = lowered(front)
    given = _dates(part, low, stem)
    placement = _placement(part, (*inner.parts[:-1], stem), low, given)
    neutral = {
        **front,
        **{key: value for key, value in given.items() if key != "slug"},
        **_terms(part, low),
        "draft": truth(low.get("draft")),
        "aliases": [_alias(placement.url, each) for each in texts(low.get("aliases"))],
    }
    if _is_hidden(low):
        neutral["visibility"] = "private"
    return Meaning(neutral, placement, _told(low))


def _in_one_language(part: Part, stem: str) -> str:
    """A name without its language. Raises LeftOut for those that are not the site's first."""
    first, *others = part.foreign.languages or ("en",)
    name, _, code = stem.rpartition(".")
    if name and code.lower() in others:
        reason = f"it is in {code}; of a site in several languages the first is served"
        raise LeftOut("document.language", reason)
    return name if name and code.lower() == first else stem


def _dates(part: Part, low: Front, stem: str) -> dict[str, Any]:
    """Our keys of time, by the first of theirs that says something; of a dated name, its slug."""
    found: dict[str, Any] = {}
    for own, keys in part.foreign.dates.items():
        for key in keys:
            moment, rest = dates.split_name(stem) if key == ":filename" else ("", stem)
            if moment:
                found |= {own: moment, "slug": rest}
            elif key in low and own not in found and low[key] not in (None, ""):
                found[own] = low[key]
            if own in found:
                break
    return found


def _placement(part: Part, path: tuple[str, ...], low: Front, given: Front) -> Placement:
    *folders, stem = path
    bundled = stem.lower() == "index" and bool(folders)
    section = stem.lower() == "_index" or path == ("index",)
    if bundled:
        *folders, stem = folders
    shown = _shown(part, tuple(folders))
    begins = _begins(part)
    listed = "/".join((*begins, *shown))
    url = low.get("url")
    if isinstance(url, str) and url.strip():
        expanded = _filled(part, url, shown, stem, {**low, **given}) if ":" in url else url
        return Placement(
            _address(segments(expanded)), "section" if section else "page", listed, dates.NONE
        )
    if section:
        pattern = part.foreign.permalinks.get(f"section/{shown[0]}") if shown else None
        inner = segments(_filled(part, pattern, shown, stem, low)) if pattern else shown
        return Placement(address((*begins, *inner)), "section", listed, dates.NONE)
    inner = _page(part, shown, stem, {**given, **low, **_date_of(given)})
    return Placement(_address((*begins, *inner)), "page", listed, dates.NONE)


def _page(part: Part, shown: tuple[str, ...], stem: str, low: Front) -> tuple[str, ...]:
    pattern = part.foreign.permalinks.get(shown[0] if shown else "/", "")
    keeps = part.foreign.keeps_case
    name = _text(low, "slug")
    own = urlised(name, keeps_case=keeps) if name else named(stem, keeps_case=keeps)
    here = (*shown, *(segments(own) or (own,)))
    inner = segments(_filled(part, pattern, shown, stem, low)) if pattern else here
    ugly = part.foreign.ugly is None or bool(shown and shown[0] in part.foreign.ugly)
    return (*inner[:-1], f"{inner[-1]}.html") if ugly and inner else inner


def _filled(part: Part, pattern: str, shown: tuple[str, ...], stem: str, low: Front) -> str:
    if len(pattern) > MAXIMUM:
        raise LeftOut(ADDRESS, f"the pattern {pattern[:80]!r} has over {MAXIMUM} characters")
    keeps = part.foreign.keeps_case
    name = named(stem, keeps_case=keeps)
    title = urlised(_text(low, "title"), keeps_case=keeps)
    slug = urlised(_text(low, "slug"), keeps_case=keeps)
    tokens = {
        "title": title,
        "slug": slug or title or name,
        **dict.fromkeys(("filename", "contentbasename"), name),
        **dict.fromkeys(("slugorfilename", "slugorcontentbasename"), slug or name),
    }
    try:
        return filled(pattern, tokens, shown, _day(low.get("date")))
    except KeyError as error:
        raise LeftOut(ADDRESS, f"the pattern {pattern[:80]!r} has {error}, unknown here") from error


def _begins(part: Part) -> tuple[str, ...]:
    foreign = part.foreign
    return (*part.at, *(foreign.languages[:1] if foreign.prefixed else ()))


def _shown(part: Part, folders: tuple[str, ...]) -> tuple[str, ...]:
    found = (named(each, keeps_case=part.foreign.keeps_case) for each in folders)
    return tuple(each for each in found if each)


def _address(parts: tuple[str, ...]) -> str:
    """Raises LeftOut for what is meant to be no page."""
    if not is_page(parts):
        reason = f"its address ends as {parts[-1][-40:]!r}, and only pages of HTML are made here"
        raise LeftOut("document.not-html", reason)
    return file_address(parts) if parts and parts[-1].endswith(PAGE) else address(parts)


def _date_of(given: Front) -> dict[str, Any]:
    return {key: given[key] for key in ("date", "slug") if key in given}


def _day(value: object) -> date:
    """As it is written: its zone does not move it."""
    found = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else FIRST
    except ValueError:
        return FIRST


def _text(low: Front, key: str) -> str:
    value = low.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _terms(part: Part, low: Front) -> dict[str, Any]:
    return {key: low[key] for key in part.taxonomies if key in low}


def _alias(url: str, text: str) -> str:
    """One that begins with no slash is beside the page."""
    joined = text if text.startswith("/") else f"{posixpath.dirname(url.rstrip('/'))}/{text}"
    return posixpath.normpath(f"/{joined.lstrip('/')}")


def _is_hidden(low: Front) -> bool:
    build = lowered(low.get("build") or low.get("_build"))
    return truth(low.get("headless")) or build.get("render") in ("never", "link", False)


def _told(low: Front) -> tuple[tuple[str, str], ...]:
    build = lowered(low.get("build") or low.get("_build"))
    found = []
    if "cascade" in low:
        found.append("cascade: say it in each document that it is meant for")
    if build.get("list") in ("never", "local", False):
        found.append("build.list: the document is in lists")
    return tuple(("document.unused", f"not honoured here: {each}") for each in found)


def _static(part: Part, source: str) -> str:
    """The folder of files for the site's root that holds it, or nothing."""
    folders = (f"{part.top}{name}/" for name in part.foreign.static)
    return next((folder for folder in folders if source.startswith(folder)), "")
